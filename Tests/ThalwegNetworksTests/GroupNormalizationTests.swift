import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct GroupNormalizationTests {
  private let x = 2 * Tensor.random([2, 6, 4, 5], seed: 1) + 3

  @Test func `groups have mean 0 and variance 1`() {
    let y = GroupNormalization(2, epsilon: 1e-12)(x).reshaped(to: [2, 2, 60])
    expectClose(mean(y, over: [2]), .zeros([2, 2]), absolute: 1e-13)
    expectClose(mean(y * y, over: [2]), .ones([2, 2]), relative: 1e-11)
  }

  @Test func `as many groups as channels are instance normalisation`() {
    expectClose(GroupNormalization(6)(x), InstanceNormalization()(x), relative: 1e-14)
  }

  @Test func `channels that are no multiple of the groups are named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = GroupNormalization(4)(.ones([1, 6, 2, 2], dtype: .float32))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("group normalisation: input [1, 6, 2, 2] in 4 groups"))
  }
}
