public import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

extension DerivativeOperator {
  /// The differences to the next place along each axis, ∇.
  public static func gradient(
    dimensions: Int = 2, boundary: DiffusionBoundary = .reflecting
  ) -> DerivativeOperator {
    DerivativeOperator(
      stencils: (2 - dimensions..<2).map { .difference(along: $0) }, dimensions: dimensions,
      boundary: boundary)
  }

  /// The second differences along each axis and, for images, the mixed one twice, whose squares add up
  /// to that of the Hessian.
  public static func hessian(
    dimensions: Int = 2, boundary: DiffusionBoundary = .reflecting
  ) -> DerivativeOperator {
    let across = Stencil([.init(1, at: -1), .init(-2, at: 0), .init(1, at: 1)])
    guard dimensions == 2 else {
      return DerivativeOperator(stencils: [across], dimensions: 1, boundary: boundary)
    }
    let down = Stencil([.init(1, row: -1, at: 0), .init(-2, at: 0), .init(1, row: 1, at: 0)])
    let root = 2.0.squareRoot()
    let mixed = Stencil([
      .init(root, row: 1, at: 1), .init(-root, row: 1, at: 0), .init(-root, at: 1),
      .init(root, at: 0),
    ])
    return DerivativeOperator(stencils: [down, across, mixed], boundary: boundary)
  }

  /// The sum of the second differences along all axes, Δ.
  public static func laplacian(
    dimensions: Int = 2, boundary: DiffusionBoundary = .reflecting
  ) -> DerivativeOperator {
    let center = Stencil.Tap(-2 * Double(dimensions), at: 0)
    let across = [Stencil.Tap(1, at: -1), Stencil.Tap(1, at: 1)]
    let down = [Stencil.Tap(1, row: -1, at: 0), Stencil.Tap(1, row: 1, at: 0)]
    let taps = [center] + across + (dimensions == 2 ? down : [])
    return DerivativeOperator(
      stencils: [Stencil(taps)], dimensions: dimensions, boundary: boundary)
  }

  /// A linear combination Σ aₘ ∂ᵐ of the derivatives of a signal, from ∂⁰ on.
  ///
  /// ∂ is the difference to the next place, ∂² the second difference, and higher ones follow from these.
  public static func derivatives(
    _ coefficients: [Double], boundary: DiffusionBoundary = .reflecting
  ) -> DerivativeOperator {
    var total: [Int: Double] = [:]
    for (order, coefficient) in coefficients.enumerated() {
      var taps = [0: 1.0]
      for _ in 0..<order / 2 { taps = composed(taps, [-1: 1, 0: -2, 1: 1]) }
      if order % 2 == 1 { taps = composed(taps, [0: -1, 1: 1]) }
      for (place, weight) in taps { total[place, default: 0] += coefficient * weight }
    }
    let taps = total.sorted { $0.key < $1.key }.map { Stencil.Tap($0.value, at: $0.key) }
    return DerivativeOperator(stencils: [Stencil(taps)], dimensions: 1, boundary: boundary)
  }

  private static func composed(_ a: [Int: Double], _ b: [Int: Double]) -> [Int: Double] {
    var result: [Int: Double] = [:]
    for (i, x) in a { for (j, y) in b { result[i + j, default: 0] += x * y } }
    return result
  }

  /// The operator with filters of mean 0, for which constant states are at rest.
  public var centered: DerivativeOperator {
    guard let filters else { return self }
    var result = self
    result.filters = filters - mean(filters, over: Array(2..<filters.rank), keepingAxes: true)
    return result
  }

  /// Random filters of mean 0, scaled so that ‖D‖ is close to a norm; without a seed they differ from
  /// run to run.
  ///
  /// Training does not keep the mean: see ``centered``.
  public static func filters(
    channels: Int = 1, count: Int, size: Int = 3, dimensions: Int = 2, norm: Double = 1,
    boundary: DiffusionBoundary = .reflecting, seed: UInt64? = nil, dtype: DType = .float32
  ) -> DerivativeOperator {
    require(
      channels > 0 && count > 0 && size > 0 && size % 2 == 1,
      "diffusion: \(count) filters of size \(size) for \(channels) channels")
    var random = RandomSequence(seed: seed ?? .random(in: .min ... .max))
    let area = dimensions == 2 ? size * size : size
    var values: [Double] = []
    for _ in 0..<count * channels {
      let weights = (0..<area).map { _ in Double.random(in: -1...1, using: &random) }
      let mean = weights.reduce(0, +) / Double(area)
      values += weights.map { $0 - mean }
    }
    // The sum of the squares is the mean over frequencies of the squared norm of all responses.
    let squares = values.reduce(0) { $0 + $1 * $1 } / Double(channels)
    let factor = squares > 0 ? norm / (2 * squares).squareRoot() : 0
    let shape = [count, channels] + Array(repeating: size, count: dimensions)
    return DerivativeOperator(
      filters: Tensor(values.map { factor * $0 }, shape: Shape(shape), dtype: dtype),
      boundary: boundary)
  }
}
