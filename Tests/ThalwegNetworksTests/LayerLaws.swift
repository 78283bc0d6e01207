import Testing
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// A layer with an input it takes, and the shape that it should return.
struct LayerCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let layer: any Layer
  let input: Shape
  let output: Shape
  /// The step of finite differences, smaller where there are kinks to be missed.
  let step: Double
  /// Whether the layer takes the examples of a batch together.
  let mixesExamples: Bool

  init(
    _ name: String, _ layer: any Layer, _ input: Shape, _ output: Shape, step: Double = 1e-3,
    mixesExamples: Bool = false
  ) {
    self.step = step
    self.mixesExamples = mixesExamples
    testDescription = name
    self.layer = layer
    self.input = input
    self.output = output
  }
}

private let images: Shape = [3, 4, 6, 6]

/// All layers, in double precision and without kinks.
private let cases: [LayerCase] =
  [
    LayerCase("Dense", Dense(5, 3, seed: 1, dtype: .float64), [4, 5], [4, 3]),
    LayerCase("Dense of rows", Dense(5, 3, seed: 1, dtype: .float64), [2, 4, 5], [2, 4, 3]),
    LayerCase("Conv2D", Conv2D(4, 6, seed: 2, dtype: .float64), images, [3, 6, 6, 6]),
    LayerCase(
      "Conv2D, stride 2", Conv2D(4, 6, stride: 2, seed: 2, dtype: .float64), images, [3, 6, 3, 3]),
    LayerCase(
      "Conv2D, periodic in groups",
      Conv2D(4, 6, boundary: .periodic, groups: 2, bias: false, seed: 3, dtype: .float64), images,
      [3, 6, 6, 6]),
    LayerCase(
      "Conv2D, 1 × 1", Conv2D(4, 2, kernel: 1, seed: 4, dtype: .float64), images, [3, 2, 6, 6]),
    LayerCase(
      "Conv2D, unpadded", Conv2D(4, 2, padding: 0, seed: 4, dtype: .float64), images, [3, 2, 4, 4]),
    LayerCase(
      "NormalizedConvolution",
      NormalizedConvolution(4, 6, normalization: .none, seed: 3, dtype: .float64), images,
      [3, 6, 6, 6], step: 1e-6),
    LayerCase(
      "NormalizedConvolution, batch",
      NormalizedConvolution(4, 6, kernel: 1, seed: 3, dtype: .float64), images, [3, 6, 6, 6],
      step: 1e-6, mixesExamples: true),
    LayerCase("Activation.tanh", Activation.tanh, [4, 5], [4, 5]),
    LayerCase("Activation.softplus", Activation.softplus, [4, 5], [4, 5]),
    LayerCase("Activation.sigmoid", Activation.sigmoid, [4, 5], [4, 5]),
    LayerCase("Flatten", Flatten(), images, [3, 144]),
    LayerCase("AveragePool", AveragePool(), images, [3, 4, 3, 3]),
    LayerCase("AveragePool of 3", AveragePool(3), images, [3, 4, 2, 2]),
    LayerCase("GlobalAverage", GlobalAverage(), images, [3, 4]),
    LayerCase("InstanceNormalization", InstanceNormalization(), images, images),
    LayerCase(
      "InstanceNormalization, affine", InstanceNormalization(channels: 4, dtype: .float64), images,
      images),
    LayerCase("BatchNormalization", BatchNormalization(), images, images, mixesExamples: true),
    LayerCase(
      "BatchNormalization, affine", BatchNormalization(channels: 4, dtype: .float64), images,
      images, mixesExamples: true),
    LayerCase(
      "BatchNormalization, frozen",
      BatchNormalization().calibrated(on: .random(images, seed: 9)), images, images),
    LayerCase("GroupNormalization", GroupNormalization(2), images, images),
    LayerCase(
      "GroupNormalization, affine", GroupNormalization(2, channels: 4, dtype: .float64), images,
      images),
    LayerCase("TotalVariationNormalization", TotalVariationNormalization(), images, images),
    LayerCase(
      "TotalVariationNormalization, affine",
      TotalVariationNormalization(channels: 4, dtype: .float64), images, images),
    LayerCase("SymmetricLayer", symmetric(4, 5), images, images),
    LayerCase("SymmetricLayer, instance", symmetric(4, 6, .instance), images, images),
    LayerCase(
      "SymmetricLayer, batch", symmetric(4, 6, .batch), images, images, mixesExamples: true),
    LayerCase(
      "SymmetricLayer, frozen",
      symmetric(4, 6, .batch).calibrated(on: .random(images, seed: 9)), images, images),
    LayerCase("SymmetricLayer, group", symmetric(4, 6, .group(2)), images, images),
    LayerCase(
      "SymmetricLayer, TV", symmetric(4, 6, .totalVariation(.paper)), images, images, step: 1e-4),
    LayerCase(
      "SymmetricLayer, TV behind", symmetric(4, 6, .totalVariation(.provable)), images, images,
      step: 1e-4),
    LayerCase(
      "ResidualLayer, normalised by images",
      ResidualLayer(4, normalization: .instance, seed: 7, dtype: .float64), images, images,
      step: 1e-6),
    LayerCase(
      "Sequential",
      Sequential(
        Conv2D(4, 2, seed: 7, dtype: .float64), Activation.tanh, GlobalAverage(),
        Dense(2, 3, seed: 8, dtype: .float64)), images, [3, 3]),
    LayerCase(
      "Flow",
      Flow(
        stages: (1...3).map { ParabolicDynamics(symmetric(4, $0)) }, over: 0...1,
        using: RungeKutta(.heun)), images, images),
    LayerCase(
      "HalvedFlow",
      HalvedFlow(
        Flow(
          stages: (1...3).map { HamiltonianDynamics(symmetric(2, $0), symmetric(2, 2 * $0)) },
          over: 0...1, using: Verlet(), adjoint: ReversibleAdjoint())), images, images),
    LayerCase(
      "RestingFlow",
      RestingFlow(
        Flow(
          FirstOrderSystem(SecondOrderSymmetricDynamics(symmetric(4, 9))), over: 0...1, steps: 3,
          using: Verlet(), adjoint: ReversibleAdjoint())), images, images),
  ] + namedCases

/// The layers that are made by name.
private let namedCases: [LayerCase] = {
  do {
    let block = try PDEBlock(
      .secondOrder, channels: 4, steps: 2, span: 1, integrator: .leapfrog, adjoint: .reversible,
      makeLayer: { symmetric($0, 11) })
    let network = try PDENetwork(
      .init(
        dynamics: .hamiltonian, channels: [2, 4], steps: 2, span: 1, activation: .tanh),
      images: [1, 8, 8], classes: 3, seed: 12, dtype: .float64)
    let published = try PDENetwork(
      .paper(.parabolic, channels: [2], features: 3, steps: 2), images: [1, 8, 8], classes: 3,
      seed: 12, dtype: .float64)
    let plain = try ResidualNetwork(
      .paper(.parabolic, channels: [3], features: 3, steps: 2), images: [1, 8, 8], classes: 3,
      seed: 12, dtype: .float64)
    let points = try PointNetwork(
      .hamiltonian, width: 3, steps: 2, span: 1, classes: 2, seed: 1, dtype: .float64)
    let turning = try PointNetwork(
      .antisymmetric(damping: 0.1), width: 2, steps: 2, span: 1, classes: 2, seed: 1,
      dtype: .float64)
    return [
      LayerCase("PDEBlock", block, images, images),
      LayerCase("PDENetwork", network, [3, 1, 8, 8], [3, 3], step: 1e-6),
      LayerCase(
        "PDENetwork, published", published, [3, 1, 8, 8], [3, 3], step: 1e-6, mixesExamples: true),
      LayerCase("ResidualNetwork", plain, [3, 1, 8, 8], [3, 3], step: 1e-6, mixesExamples: true),
      LayerCase("PointNetwork", points, [4, 2], [4, 2]),
      LayerCase("PointNetwork, antisymmetric", turning, [4, 2], [4, 2]),
    ]
  } catch {
    return []
  }
}()

private func symmetric(
  _ channels: Int, _ seed: Int, _ normalization: SymmetricLayer.Normalization = .none
) -> SymmetricLayer {
  SymmetricLayer(
    channels, activation: .tanh, normalization: normalization, scale: normalization != .none,
    seed: UInt64(seed), dtype: .float64)
}

/// What holds for every layer.
@Suite struct LayerLaws {
  @Test(arguments: cases)
  func `the output has the expected shape`(_ law: LayerCase) {
    #expect(law.layer(.random(law.input, seed: 1)).shape == law.output)
  }

  @Test func `layers that are made by name are tested`() { #expect(namedCases.count == 6) }

  @Test(arguments: cases)
  func `every stored tensor is a leaf`(_ law: LayerCase) {
    #expect(storedTensors(in: law.layer) == law.layer.leaves.count)
  }

  @Test(arguments: cases)
  func `derivatives are those of the values`(_ law: LayerCase) throws {
    try expectGradient(of: law.layer, law)
  }

  private func expectGradient<L: Layer>(of layer: L, _ law: LayerCase) throws {
    let x = Tensor.random(law.input, seed: 2)
    try expectDerivatives(
      of: { layer.replacingLeaves(with: Array($0.dropFirst()))($0[0]) }, at: [x] + layer.leaves,
      directions: 1, step: law.step, relative: 1e-7, isTwiceDifferentiable: false)
  }

  @Test(arguments: cases.filter { !$0.mixesExamples })
  func `examples do not influence each other`(_ law: LayerCase) {
    let x = Tensor.random(law.input, seed: 3)
    let all = law.layer(x)
    let one = law.layer(x.slice(1..<2))
    // Matrix products add in an order that depends on their size.
    expectClose(one, all.slice(1..<2), relative: 1e-13)
  }

  @Test(arguments: cases.filter(\.mixesExamples))
  func `examples of a batch influence each other until the layer is calibrated`(_ law: LayerCase) {
    let x = Tensor.random(law.input, seed: 3)
    #expect(relativeError(law.layer(x.slice(1..<2)), law.layer(x).slice(1..<2)) > 0.01)
    let frozen = law.layer.calibrated(on: x)
    expectClose(frozen(x.slice(1..<2)), frozen(x).slice(1..<2), relative: 1e-13)
    expectClose(frozen(x), law.layer(x))
  }

  @Test(arguments: cases.filter { !$0.mixesExamples })
  func `calibration leaves other layers as they are`(_ law: LayerCase) {
    let x = Tensor.random(law.input, seed: 3)
    let calibrated = law.layer.calibrated(on: x)
    #expect(calibrated.leaves.map(\.values) == law.layer.leaves.map(\.values))
    #expect(calibrated(x).values == law.layer(x).values)
  }

  @Test(arguments: cases)
  func `paths of leaves are all different`(_ law: LayerCase) {
    let paths = law.layer.leafList.paths
    #expect(Set(paths).count == paths.count)
  }

  @Test func `a forgotten branch is found`() {
    let layer = Forgetful(weight: .zeros([2]), bias: .zeros([2]))
    #expect(storedTensors(in: layer) == 2)
    #expect(layer.leaves.count == 1)
  }
}

/// A layer that lists only one of its two tensors.
private struct Forgetful: Layer {
  var weight: Tensor
  var bias: Tensor
  static let branches = Branches(\Forgetful.weight)
  func callAsFunction(_ x: Tensor) -> Tensor { weight * x + bias }
}

/// The tensors that a value stores, at any depth.
private func storedTensors(in value: Any) -> Int {
  if value is Tensor { return 1 }
  let mirror = Mirror(reflecting: value)
  // Objects are caches; what is trained is stored by value.
  guard mirror.displayStyle != .class else { return 0 }
  return mirror.children.reduce(0) { $0 + storedTensors(in: $1.value) }
}
