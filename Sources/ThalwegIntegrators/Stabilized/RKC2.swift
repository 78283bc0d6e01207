public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The Runge-Kutta-Chebyshev method of order 2: explicit, for problems whose stiffness is diffusion.
///
///     R(z) = 1 - b T(w₀) + b T(w₀ + w₁ z),   T the Chebyshev polynomial of degree s
///     error = 4/5 (y - y₁) + 2/5 h (f(t, y) + f(t + h, y₁))
///
/// The stable interval grows with the square of the number of stages:
///
///     let stages = RKC2<ODE<Tensor>>.stages(spectralRadius: 4 / (dx * dx), step: 0.01)
///     let flow = Flow(heat, over: 0...1, steps: 100, using: RKC2(stages: stages))
///
/// - Order: 2; 3 for the values between steps, the cubic through both ends and their slopes.
/// - Stability: about 0.65 s² along the negative real axis, in a narrow strip around it; components
///   inside of it are damped by 5 %.
/// - Cost: s evaluations a step, in the memory of a few states, and one to begin with.
/// - Errors: traps where there are fewer than two stages.
/// - Source: B. P. Sommeijer, L. F. Shampine, J. G. Verwer, "RKC: An explicit solver for parabolic
///   PDEs", J. Comput. Appl. Math. 88 (1998), 315-326, doi:10.1016/S0377-0427(97)00219-7.
public struct RKC2<Field: Dynamics>: EmbeddedIntegrator {
  /// What is carried from step to step.
  public typealias Carry = MovingState<Field.State>

  public let order = 2
  public let errorOrder = 3
  /// The number of stages.
  public let stages: Int
  private let scheme: StabilizedScheme

  /// Creates the method of a number of stages.
  public init(stages: Int) {
    require(stages >= 2, "RKC2: \(stages) stages are fewer than two")
    self.stages = stages
    scheme = ChebyshevValues(stages).scheme
  }

  /// The fewest stages for which a step is stable where the eigenvalues of the Jacobian are between
  /// -spectralRadius and 0.
  public static func stages(spectralRadius: Double, step: Double) -> Int {
    require(
      (spectralRadius * step).isFinite,
      "RKC2: a spectral radius \(spectralRadius) and a step \(step)")
    let reach = abs(spectralRadius * step)
    // A little below the exact number, from which the search is short.
    var stages = Swift.max(2, Int((reach / 0.66).squareRoot()) - 2)
    while ChebyshevValues(stages).stableLength < reach { stages += 1 }
    return stages
  }

  /// How far along the negative real axis steps of a number of stages are stable.
  public static func stableLength(stages: Int) -> Double { ChebyshevValues(stages).stableLength }

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Carry {
    MovingState(state: y, slope: f(t, y))
  }

  public func state(of carry: Carry) -> Field.State { carry.state }

  public func attempt(
    _ f: Field, at t: Tensor, from carry: Carry, by h: Tensor
  ) -> StepAttempt<Carry, Field.State, [Field.State]> {
    let y = scheme.step(f, at: t, from: carry.state, slope: carry.slope, by: h)
    let next = MovingState(state: y, slope: f(t + h, y))
    let change = Tensor(0.8) * (carry.state - y)
    let error = change + (0.4 * h) * (carry.slope + next.slope)
    return StepAttempt(next: next, error: error, dense: [])
  }

  public func interpolate(
    _ dense: [Field.State], from carry: Carry, to next: Carry, at part: Tensor, by h: Tensor
  ) -> Field.State {
    hermite(from: carry, to: next, at: part, by: h)
  }
}

/// The Chebyshev polynomials up to a degree, with two derivatives, at the centre w₀ of the method.
private struct ChebyshevValues {
  private let center: Double
  private var values = [1.0]
  private var slopes = [0.0]
  private var bends = [0.0]

  init(_ degree: Int) {
    center = 1 + 2.0 / 13 / Double(degree * degree)
    values.append(center)
    slopes.append(1)
    bends.append(0)
    for j in 2...Swift.max(degree, 2) {
      values.append(2 * center * values[j - 1] - values[j - 2])
      slopes.append(2 * values[j - 1] + 2 * center * slopes[j - 1] - slopes[j - 2])
      bends.append(4 * slopes[j - 1] + 2 * center * bends[j - 1] - bends[j - 2])
    }
  }

  private var scale: Double { slopes[slopes.count - 1] / bends[bends.count - 1] }

  /// Where w₀ + w₁ z is -1.
  var stableLength: Double { (1 + center) / scale }

  var scheme: StabilizedScheme {
    var weights = zip(bends, slopes).map { $0 / ($1 * $1) }
    weights.replaceSubrange(0..<2, with: [weights[2], weights[2]])
    return StabilizedScheme(center: center, slope: scale, weights: weights, values: values) { _ in
      (r: 2, q: 1)
    }
  }
}
