import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct InstanceNormalizationTests {
  private let x = 3 * Tensor.random([2, 3, 4, 5], seed: 1) + 7

  @Test func `channels have mean 0 and variance 1`() {
    let y = InstanceNormalization(epsilon: 1e-12)(x)
    expectClose(mean(y, over: [2, 3]), .zeros([2, 3]), absolute: 1e-13)
    expectClose(mean(y * y, over: [2, 3]), .ones([2, 3]), relative: 1e-11)
  }

  @Test func `scale and bias act on channels`() {
    let plain = InstanceNormalization()(x)
    var layer = InstanceNormalization(channels: 3, dtype: .float64)
    expectClose(layer(x), plain)
    layer.scale = Tensor([2, 3, 4])
    layer.bias = Tensor([-1, 0, 1])
    let numbers = Numbers(plain)
    expectClose(
      layer(x),
      tabulated(x.shape) { numbers[$0] * Double($0[1] + 2) + Double($0[1] - 1) })
  }

  @Test func `a constant channel becomes 0`() {
    let y = InstanceNormalization()(Tensor(repeating: 5, shape: [1, 1, 3, 3]))
    #expect(y.values.allSatisfy { $0 == 0 })
  }
}
