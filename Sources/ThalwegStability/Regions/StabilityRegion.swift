import Glibc
public import ThalwegKernels

/// The numbers z = hλ for which steps of a method do not amplify y' = λy.
///
///     let region = StabilityRegion(of: .classic)
///     region.contains(Complex(-2, 1))
///     region.realInterval                       // 2.785...
///     region.imaginaryInterval                  // 2.828...
///     region.largestStableStep(for: spectrum)
///
/// A one-step method multiplies by R(z), which comes from its own tableau; of any other method a step
/// is measured, and the region is where its matrix has a spectral radius of at most 1. On the
/// boundary, powers of the matrix may still grow, linearly for a double eigenvalue.
///
/// Methods for q' = v(p), p' = f(q) and for y'' = f(y) are measured on the oscillator whose system of
/// first order has the eigenvalues ±λ. Off the imaginary axis one of the two grows, and so does a step.
/// Where growth is left out of account, a step is right if it amplifies one component of the pair and
/// not both: for ±r the matrix of ``Verlet`` has the eigenvalues e^±θ with sinh(θ/2) = hr/2 at any h.
///
/// - Source: E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", Springer, 1996,
///   doi:10.1007/978-3-642-05221-7, sections IV.2 and IV.3.
public struct StabilityRegion: Sendable {
  /// The name of the method.
  public let name: String
  let function: StabilityFunction
  /// Whether a step acts on both components of a pair ±λ.
  let isOfPairs: Bool

  init(_ name: String, _ function: StabilityFunction, isOfPairs: Bool = false) {
    self.name = name
    self.function = function
    self.isOfPairs = isOfPairs
  }

  /// The same region by another name.
  package func named(_ name: String) -> StabilityRegion {
    StabilityRegion(name, function, isOfPairs: isOfPairs)
  }

  /// By how much a radius may exceed 1, for rounding.
  static let margin = 1e-12
  /// The same for large z, relative to them: increments of implicit methods nearly cancel there.
  private static let relativeMargin = 1e-14

  /// The spectral radius of a step's matrix, which is |R(z)| for one-step methods.
  public func amplification(at z: Complex) -> Double { function.radius(at: z) }

  /// Whether steps do not amplify.
  public func contains(_ z: Complex) -> Bool { Self.isBounded(amplification(at: z), at: z) }

  /// Whether steps amplify at most one component of the pair ±z.
  func containsSaddle(_ z: Complex) -> Bool {
    Self.isBounded(function.secondRadius(at: z), at: z)
  }

  private static func isBounded(_ amplification: Double, at z: Complex) -> Bool {
    amplification <= 1 + margin + relativeMargin * z.magnitude
  }

  /// The largest x for which all of [-x, 0] is stable, infinite for A-stable methods.
  public var realInterval: Double { reach(along: Complex(-1)) }

  /// The largest x for which all of [-ix, ix] is stable.
  public var imaginaryInterval: Double { reach(along: Complex(0, 1)) }

  /// How far one may go from 0 in a direction of length 1 before steps amplify.
  ///
  /// Gaps that are narrower than a hundredth of the distance may be passed over.
  public func reach(along direction: Complex) -> Double { reach(along: direction, upTo: 1e8) }

  func reach(along direction: Complex, upTo limit: Double) -> Double {
    let inside = distance(upTo: limit) { contains(direction * Complex($0)) }
    return inside.isFinite && isSpurious(inside, along: direction) ? 0 : inside
  }

  /// How far one may go before steps amplify both components of a pair.
  ///
  /// Far out rounding hides the smaller of the two.
  func saddleReach(along direction: Complex, upTo limit: Double) -> Double {
    distance(upTo: Swift.min(limit, 1e6)) { containsSaddle(direction * Complex($0)) }
  }

  /// The distance to which a condition holds.
  private func distance(upTo limit: Double, where isStable: (Double) -> Bool) -> Double {
    var inside = 0.0
    var outside = Self.resolution
    while isStable(outside) {
      guard outside < limit else { return .infinity }
      inside = outside
      outside += Swift.max(Self.resolution, outside / 100)
    }
    for _ in 0..<60 {
      let middle = (inside + outside) / 2
      if isStable(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }

  /// The distance at which the search begins, and its step near 0.
  private static let resolution = 0.01

  /// Whether a short interval is there only because amplification begins below the margin.
  ///
  /// Amplification like 1 + c xᵖ exceeds the margin first at (margin / c)^(1/p), and where it has a
  /// boundary it is no power of x.
  private func isSpurious(_ reach: Double, along direction: Complex) -> Bool {
    // A double root is known to the root of the precision: below it nothing is a boundary.
    guard reach > 1e-7 else { return true }
    guard reach < 0.3 else { return false }
    let (near, far) = (
      amplification(at: direction * Complex(2 * reach)) - 1,
      amplification(at: direction * Complex(4 * reach)) - 1
    )
    guard near > Self.margin, far > near, far.isFinite else { return false }
    let power = log(far / near) / log(2)
    let expected = 4 * reach * exp(log(Self.margin / far) / power)
    return reach <= 2 * expected
  }
}
