import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct SequentialTests {
  private let first = Dense(3, 4, seed: 1, dtype: .float64)
  private let second = Dense(4, 2, seed: 2, dtype: .float64)

  @Test func `layers are applied in order`() {
    let x = Tensor.random([5, 3], seed: 3)
    let chain = Sequential(first, Activation.tanh, second)
    expectClose(chain(x), second(tanh(first(x))))
    expectClose(Sequential([])(x), x)
  }

  @Test func `leaves are those of the layers`() {
    let chain = Sequential(first, Activation.tanh, Sequential(second))
    #expect(
      chain.leafList.paths == ["0.weight", "0.bias", "2.0.weight", "2.0.bias"])
    let doubled = chain.mapLeaves { 2 * $0 }
    #expect(doubled.leaves.map(\.values) == chain.leaves.map { $0.values.map { 2 * $0 } })
  }

  @Test func `the gradient of a chain is a chain`() throws {
    let x = Tensor.random([5, 3], seed: 3)
    let chain = Sequential(first, Activation.tanh, second)
    let (loss, gradient) = try valueAndGradient(at: chain) { sum($0(x)) }
    #expect(loss.count == 1)
    #expect(gradient.leaves.map(\.shape) == chain.leaves.map(\.shape))
    // Each of the 5 rows adds 1 to the derivative by each bias of the last layer.
    #expect(gradient.leaves[3].values == [5, 5])
  }
}
