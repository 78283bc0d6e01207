import Testing
import Thalweg
import ThalwegTestSupport

/// Each row brought to mean 0 and variance 1 over its features.
///
///     y = (x - mean x) / √(var x + ε) · scale + bias
///
/// - Shapes: `[batch..., n]`, unchanged; scale and bias are `[n]`.
/// - Errors: traps where the last axis is not as long as the scale.
/// - Source: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450.
struct LayerNormalization: Layer {
  /// What each normalised feature is multiplied by.
  var scale: Tensor
  /// What is then added to it.
  var bias: Tensor
  /// What keeps the quotient finite where a row is constant.
  let epsilon: Double

  static let branches = Branches(\LayerNormalization.scale, \.bias)

  /// Creates the layer, with scale 1 and bias 0 to begin with.
  init(_ features: Int, epsilon: Double = 1e-5, dtype: DType = .float32) {
    scale = .ones([features], dtype: dtype)
    bias = .zeros([features], dtype: dtype)
    self.epsilon = epsilon
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank > 0 && x.shape[x.rank - 1] == scale.count,
      "layer normalisation: input \(x.shape) for a scale of \(scale.shape)")
    let centred = x - mean(x, over: [-1], keepingAxes: true)
    let variance = mean(square(centred), over: [-1], keepingAxes: true)
    return centred / sqrt(variance + epsilon) * scale + bias
  }
}

/// A classifier with a flow inside.
struct SpiralNetwork: Layer {
  var opening = Dense(2, 16, seed: 1)
  var flow = Flow(
    ODE(LayerNormalization(16), Dense(16, 16, seed: 2)) { t, y, normalize, mix in
      tanh(mix(normalize(y)))
    }, over: 0...1, steps: 8, using: RungeKutta(.heun))
  var classifier = Dense(16, 2, seed: 3)

  static let branches = Branches(\SpiralNetwork.opening, \.flow, \.classifier)

  func callAsFunction(_ x: Tensor) -> Tensor { classifier(flow.applied(to: opening(x))) }
}

/// The code of docs/adding-a-layer.md.
@Suite struct AddingALayerTests {
  @Test func `a layer is a tree with a function`() throws {
    let normalize = LayerNormalization(3)
    print(normalize([[1, 2, 3], [10, 20, 30]] as Tensor).values)
    print(normalize.leafList.paths)  // ["scale", "bias"]

    let rows = normalize([[1, 2, 3], [10, 20, 30]] as Tensor)
    expectClose(rows[0], rows[1], relative: 1e-4)
    expectClose(rows.values.prefix(3).reduce(0, +), 0, absolute: 1e-6)
    #expect(normalize.leafList.paths == ["scale", "bias"])
    let double = LayerNormalization(4, dtype: .float64)
    try expectDerivatives(
      of: { double.replacingLeaves(with: Array($0.dropFirst()))($0[0]) },
      at: [.random([3, 4], seed: 1), .random([4], seed: 2), .random([4], seed: 3)],
      step: 3e-4, relative: 1e-6, isTwiceDifferentiable: false)
  }

  @Test func `a network is trained`() throws {
    var network = SpiralNetwork()
    var optimizer = Adam(learningRate: 0.02)
    let points = Tensor.randomNormal([128, 2], key: 1, dtype: .float32)
    let labels = step(sum(square(points), over: [-1]) - 1.4)  // outside of a circle, or inside
    for _ in 1...100 {
      let gradient = try valueAndGradient(at: network) { network in
        softmaxCrossEntropy(network(points), labels)
      }.gradient
      optimizer.update(&network, along: gradient)
    }
    print(accuracy(network(points), labels).scalar)

    #expect(accuracy(network(points), labels).scalar > 0.97)
    #expect(network.leafList.paths.contains("classifier.weight"))
    print(network.leafList.paths)
  }
}
