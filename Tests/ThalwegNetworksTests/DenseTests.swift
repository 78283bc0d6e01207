import Testing
import ThalwegDynamics
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct DenseTests {
  @Test func `the output is x W + b`() {
    var layer = Dense(2, 3, dtype: .float64)
    layer.weight = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    layer.bias = Tensor([0.5, 0, -0.5])
    // (1, 10) W = (1 + 40, 2 + 50, 3 + 60)
    #expect(layer(Tensor([1, 10], shape: [1, 2])).values == [41.5, 52, 62.5])
    #expect(layer(Tensor([1.0, 10])).values == [41.5, 52, 62.5])
  }

  @Test func `initial weights are bounded and their variance is Glorot's`() {
    let layer = Dense(300, 100, seed: 7)
    let bound = (6.0 / 400).squareRoot()
    let values = layer.weight.values
    #expect(values.allSatisfy { $0.magnitude <= bound })
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    // The variance of a uniform distribution is bound² / 3; 30,000 draws know it to about 0.5 %.
    expectClose(variance, bound * bound / 3, relative: 0.03)
    #expect(layer.bias.values.allSatisfy { $0 == 0 })
    #expect(layer.weight.dtype == .float32)
  }

  @Test func `a seed fixes the weights and its absence does not`() {
    #expect(Dense(4, 4, seed: 1).weight.values == Dense(4, 4, seed: 1).weight.values)
    #expect(Dense(4, 4, seed: 1).weight.values != Dense(4, 4, seed: 2).weight.values)
    #expect(Dense(4, 4).weight.values != Dense(4, 4).weight.values)
  }

  @Test func `layers are parameters of dynamics`() {
    let first = Dense(2, 8, seed: 1, dtype: .float64)
    let second = Dense(8, 2, seed: 2, dtype: .float64)
    let field = ODE(first, second) { t, y, a, b in b(tanh(a(y))) }
    let y = Tensor([0.3, -0.2])
    #expect(field.leaves.count == 4)
    expectClose(field(0, y), second(tanh(first(y))))
  }

  @Test func `a wrong number of inputs names both shapes`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Dense(2, 3)(Tensor.zeros([4, 5], dtype: .float32))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("dense: input [4, 5] for weight [2, 3]"))
  }
}
