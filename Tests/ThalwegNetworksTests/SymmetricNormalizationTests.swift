import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// All normalisations of symmetric layers of an even number of channels.
private let normalizations: [SymmetricLayer.Normalization] = [
  .none, .instance, .batch, .group(2), .totalVariation(.paper), .totalVariation(.provable),
]

@Suite struct SymmetricNormalizationTests {
  private let shape: Shape = [2, 4, 3, 3]

  /// A layer with random scale and bias.
  private func layer(
    _ normalization: SymmetricLayer.Normalization, _ activation: Activation = .relu,
    positive: Bool = false, seed: UInt64 = 1
  ) -> SymmetricLayer {
    var layer = SymmetricLayer(
      4, activation: activation, normalization: normalization, scale: true, gain: 2, seed: seed,
      dtype: .float64)
    layer.scale = .random([4], in: (positive ? 0.2 : -1)...1, seed: seed + 1)
    layer.bias = .random([4], seed: seed + 2)
    return layer
  }

  @Test(arguments: normalizations)
  func `normalisation stands where it should`(_ normalization: SymmetricLayer.Normalization) throws
  {
    let layer = layer(normalization, .tanh)
    let y = Tensor.random(shape, seed: 3)
    let scale = try #require(layer.scale).reshaped(to: [4, 1, 1])
    let bias = try #require(layer.bias).reshaped(to: [4, 1, 1])
    let z = convolution(y, layer.kernel)
    let response =
      switch normalization {
      case .none: tanh(scale * z + bias)
      case .instance: tanh(scale * InstanceNormalization()(z) + bias)
      case .batch: tanh(scale * BatchNormalization()(z) + bias)
      case .group(let groups): tanh(scale * GroupNormalization(groups)(z) + bias)
      case .totalVariation(.paper): tanh(scale * TotalVariationNormalization()(z) + bias)
      case .totalVariation(.provable):
        scale * TotalVariationNormalization()(tanh(scale * z + bias))
      }
    expectClose(layer(y), -transposedConvolution(response, layer.kernel))
  }

  @Test(arguments: normalizations)
  func `names are read as they are written`(_ normalization: SymmetricLayer.Normalization) {
    #expect(SymmetricLayer.Normalization("\(normalization)") == normalization)
  }

  @Test(arguments: [
    "", "Batch", "group", "group:", "group:0", "group:-1", "group:x", "tv:x", "tv:", "none:1",
    "instance:", "tv:paper:",
  ])
  func `what is no name is refused`(name: String) {
    #expect(SymmetricLayer.Normalization(name) == nil)
  }

  /// The columns of the Jacobian at a point.
  private func jacobian(_ layer: SymmetricLayer, at y: Tensor) -> [[Double]] {
    (0..<y.count).map { column in
      let unit = Tensor((0..<y.count).map { $0 == column ? 1 : 0 }, shape: y.shape)
      return jvp(at: y, along: unit) { layer($0) }.derivative.values
    }
  }

  /// How far a matrix is from symmetric, in units of its largest number.
  private func asymmetry(_ matrix: [[Double]]) -> Double {
    let largest = matrix.joined().map(\.magnitude).max() ?? 0
    let differences = matrix.indices.flatMap { i in
      matrix.indices.map { j in (matrix[i][j] - matrix[j][i]).magnitude }
    }
    return (differences.max() ?? 0) / largest
  }

  @Test func `behind relu total variation normalisation keeps a symmetric, negative Jacobian`() {
    let layer = layer(.totalVariation(.provable))
    let matrix = jacobian(layer, at: .random([1, 4, 3, 3], seed: 4))
    #expect(asymmetry(matrix) < 1e-13)
    for seed in 1...20 {
      let v = Tensor.random([36], seed: UInt64(seed)).values
      let product = matrix.map { column in zip(column, v).map(*).reduce(0, +) }
      #expect(zip(v, product).map(*).reduce(0, +) < 0)
    }
  }

  @Test(arguments: [
    SymmetricLayer.Normalization.instance, .batch, .group(2), .totalVariation(.paper),
  ])
  func `before the activation normalisation spoils the symmetry`(
    _ normalization: SymmetricLayer.Normalization
  ) {
    #expect(asymmetry(jacobian(layer(normalization), at: .random(shape, seed: 4))) > 0.01)
  }

  @Test func `frozen with positive scales it keeps a symmetric, negative Jacobian`() {
    let frozen = layer(.batch, positive: true).calibrated(on: .random(shape, seed: 5))
    let matrix = jacobian(frozen, at: .random([1, 4, 3, 3], seed: 4))
    #expect(asymmetry(matrix) < 1e-13)
    for seed in 1...20 {
      let v = Tensor.random([36], seed: UInt64(seed)).values
      let product = matrix.map { column in zip(column, v).map(*).reduce(0, +) }
      #expect(zip(v, product).map(*).reduce(0, +) <= 0)
    }
  }

  /// A layer whose convolution is the identity of two channels.
  private func identity(_ order: SymmetricLayer.Normalization.Order) -> SymmetricLayer {
    var layer = SymmetricLayer(
      2, normalization: .totalVariation(order), bias: false, dtype: .float64)
    layer.kernel = tabulated([2, 2, 3, 3]) { $0[0] == $0[1] && $0[2] == 1 && $0[3] == 1 ? 1 : 0 }
    return layer
  }

  @Test func `the order of the paper can move solutions apart and the other cannot`() {
    // relu(N(z)) is (z₁ / |z|, 0) where z₂ < 0: 0.995 at a, 0.109 at b, which is further along z₁.
    let a = Tensor([1, -0.1], shape: [1, 2, 1, 1])
    let b = Tensor([1.1, -10], shape: [1, 2, 1, 1])
    func growth(_ layer: SymmetricLayer) -> Double {
      sum((layer(a) - layer(b)) * (a - b)).scalar
    }
    func part(_ x: Double, _ y: Double) -> Double { x / (x * x + y * y + 1e-3).squareRoot() }
    expectClose(growth(identity(.paper)), 0.1 * (part(1, 0.1) - part(1.1, 10)))
    #expect(growth(identity(.paper)) > 0.08)
    #expect(growth(identity(.provable)) <= 0)

    let layer = layer(.totalVariation(.provable))
    for seed in 1...50 {
      let (y, z) = (
        Tensor.random(shape, seed: UInt64(seed)), Tensor.random(shape, seed: UInt64(seed + 100))
      )
      #expect(sum((layer(y) - layer(z)) * (y - z)).scalar <= 0)
    }
  }

  @Test func `the bound of forward Euler behind relu is sharp`() {
    // For K = 1 and small positive numbers the layer is -y / √ε.
    let layer = identity(.provable)
    let y = Tensor(repeating: 1e-6, shape: [1, 2, 1, 1], dtype: .float64)
    for (part, isStable) in [(0.99, true), (1.01, false)] {
      let h = Tensor(part * 2 * 1e-3.squareRoot())
      let (before, after) = (y, y + h * layer(y))
      #expect((sum(square(after)).scalar < sum(square(before)).scalar) == isStable)
    }
  }
}
