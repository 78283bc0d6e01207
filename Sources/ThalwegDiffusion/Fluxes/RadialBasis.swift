import Foundation
public import ThalwegKernels
public import ThalwegTensors

/// A flux whose energy is a sum of Gaussians at equal distances, with trained weights.
///
///     Ψ(s) = -γ² Σ wᵢ exp(-(s - μᵢ)²/2γ²),   Φ = Ψ'
///
///     let basis = RadialBasis(count: 15, reach: 1, filters: 24)
///
/// - Shapes: weights are `[count]`, or `[count, filters, 1, 1]` for a flux of its own behind each filter.
/// - Source: Y. Chen, T. Pock, "Trainable nonlinear reaction diffusion: a flexible framework for fast and
///   effective image restoration", IEEE Trans. Pattern Anal. Mach. Intell. 39 (2017), arXiv:1508.02848,
///   has sums of Gaussians for Φ itself.
public struct RadialBasis: TensorTree {
  /// The weight of each Gaussian.
  public var weights: Tensor
  /// Where they stand.
  public let centers: [Double]
  /// Their width, γ.
  public let width: Double

  public static let branches = Branches(\RadialBasis.weights)

  /// Creates a flux that begins near s exp(-s²/2λ²), with λ half of the reach.
  ///
  /// - Errors: traps where there are fewer than two Gaussians, or the reach is not positive.
  public init(count: Int, reach: Double, filters: Int? = nil, dtype: DType = .float32) {
    require(count > 1 && reach > 0, "radial basis: \(count) Gaussians up to \(reach)")
    let spacing = 2 * reach / Double(count - 1)
    centers = (0..<count).map { spacing * Double($0) - reach }
    width = spacing
    // A Gaussian of variance λ² is one of variance λ² - γ² that was smoothed by the basis.
    let contrast = Swift.max(reach / 2, 1.2 * spacing)
    let variance = contrast * contrast - spacing * spacing
    let height = contrast * contrast * contrast / variance.squareRoot()
    let factor = height * spacing / (width * width * width * (2 * Double.pi).squareRoot())
    let values = centers.map { factor * Foundation.exp(-$0 * $0 / (2 * variance)) }
    guard let filters else {
      weights = Tensor(values, shape: [count], dtype: dtype)
      return
    }
    weights = Tensor(
      values.flatMap { Array(repeating: $0, count: filters) }, shape: [count, filters, 1, 1],
      dtype: dtype)
  }

  func callAsFunction(_ s: Tensor) -> Tensor {
    terms(s) { distance, bell in distance * bell }
  }

  func energy(_ s: Tensor) -> Tensor { terms(s) { _, bell in (-width * width) * bell } }

  /// Σ wᵢ f(s - μᵢ, exp(-(s - μᵢ)²/2γ²)).
  private func terms(_ s: Tensor, _ term: (Tensor, Tensor) -> Tensor) -> Tensor {
    let weights = weights.to(s.dtype)
    return centers.indices.map { index in
      let distance = s - centers[index]
      let bell = exp(square(distance) * (-0.5 / (width * width)))
      let shape = Shape(Array(weights.shape.dropFirst()))
      return weights.slice(index..<index + 1).reshaped(to: shape) * term(distance, bell)
    }.reduce(Tensor(0), +)
  }

  // MARK: - Facts

  /// Bounds on the slopes: those at many places, widened by what the second derivative allows between.
  var slopes: ClosedRange<Double> {
    bounds(places, steepness: 1.381 / width) { distance in
      let x = distance / width
      return (1 - x * x) * Foundation.exp(-x * x / 2)
    }
  }

  /// The greatest |Φ|, or a little more.
  var largestValue: Double {
    let range = bounds(places, steepness: 1, value)
    return Swift.max(range.upperBound, -range.lowerBound)
  }

  /// Bounds on Φ(s) / s; near 0 those on slopes, if Φ(0) = 0, and without bound otherwise.
  var ratios: ClosedRange<Double> {
    let sums = rows.map { row in
      zip(row, centers).reduce(0) { $0 + $1.0 * value(-$1.1) }.magnitude
    }
    let size = rows.joined().map(\.magnitude).max() ?? 0
    guard (sums.max() ?? 0) <= 1e-6 * size * width else { return -Double.infinity ... .infinity }
    let near = width / 10
    let far = places.filter { $0.magnitude >= near }
    let outside = rows.flatMap { row in
      far.map { s in zip(row, centers).reduce(0) { $0 + $1.0 * value(s - $1.1) } / s }
    }
    let margin = spacing * steepness(1) / near
    let inside = slopes
    return Swift.min(
      outside.min().map { $0 - margin } ?? 0, inside.lowerBound, 0)...Swift.max(
        outside.max().map { $0 + margin } ?? 0, inside.upperBound)
  }

  /// (s - μ) exp(-(s - μ)²/2γ²).
  private func value(_ distance: Double) -> Double {
    let x = distance / width
    return x * width * Foundation.exp(-x * x / 2)
  }

  private var spacing: Double { width / 400 }

  /// Places that are close to one another, from where the Gaussians begin to where they end.
  private var places: [Double] {
    let reach = (centers.last ?? 0) + 8 * width
    let count = Int((reach / spacing).rounded(.up))
    return (-count...count).map { spacing * Double($0) }
  }

  /// The weights of each filter.
  private var rows: [[Double]] {
    let values = weights.values
    let filters = values.count / centers.count
    return (0..<filters).map { filter in
      centers.indices.map { values[$0 * filters + filter] }
    }
  }

  /// A bound on how steep a sum is, given one for its terms.
  private func steepness(_ single: Double) -> Double {
    (rows.map { $0.map(\.magnitude).reduce(0, +) }.max() ?? 0) * single
  }

  private func bounds(
    _ places: [Double], steepness single: Double, _ term: (Double) -> Double
  ) -> ClosedRange<Double> {
    var (least, greatest) = (Double.infinity, -Double.infinity)
    // Exponentials are the same for all filters.
    let terms = centers.map { center in places.map { term($0 - center) } }
    for row in rows {
      var sums = [Double](repeating: 0, count: places.count)
      for (weight, values) in zip(row, terms) {
        for index in sums.indices { sums[index] += weight * values[index] }
      }
      least = Swift.min(least, sums.min() ?? 0)
      greatest = Swift.max(greatest, sums.max() ?? 0)
    }
    let margin = spacing / 2 * steepness(single)
    return (least - margin)...(greatest + margin)
  }
}
