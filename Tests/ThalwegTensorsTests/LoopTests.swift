import Testing
import ThalwegTensors
import ThalwegTestSupport
import ThalwegKernels

@Suite struct LoopTests {
  @Test(arguments: [false, true])
  func `scratch`(isReversed: Bool) throws {
    let f = { @Sendable (x: [Tensor]) -> Tensor in
      let r = Loop.record(from: [x[0]], over: [.stacked(x[1])], count: 4, isReversed: isReversed) {
        carry, seen in ([carry[0] * seen[0] + carry[0] * carry[0] * x[2]], [])
      }
      return r.final[0]
    }
    let at: [Tensor] = [.random([3], seed: 1), .random([4, 3], seed: 2), .random([3], seed: 3)]
    try expectDerivatives(of: f, at: at, isTwiceDifferentiable: false)
    try expectDerivatives(of: f, at: at)
  }
}
