import CThalwegProbes
import Testing
import Thalweg

/// Allocations are counted on the calling thread, so that tests beside this one do not disturb it.
@Suite(.whereAllocationsAreCounted) struct AllocationTests {
  private typealias Network = Flow<RungeKutta<ODE<Tensor>>>

  private func allocations(_ work: () throws -> Void) rethrows -> Int64 {
    try work()  // Compiles, and fills the pool of workspaces.
    probe_start()
    try work()
    return probe_stop()
  }

  private func flow(_ steps: Int, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>) -> Network {
    let dynamics = ODE(Tensor([1, 2, 3, 4], shape: [2, 2]), Tensor([0.5, 0.1])) { t, y, w, b in
      tanh(matmul(y, w) + b) * cos(t)
    }
    return Flow(dynamics, over: 0...1, steps: steps, using: RungeKutta(.classic), adjoint: adjoint)
  }

  private let start = Tensor([1, -1, 0.5, 2], shape: [2, 2])

  @Test func `the probe counts allocations`() {
    let count = allocations {
      withExtendedLifetime((0..<1000).map { String(repeating: "x", count: 100 + $0) }) {}
    }
    #expect(count >= 1000)
  }

  @Test func `a step of a flow allocates nothing`() throws {
    let counts = try [1, 10, 1000].map { steps in
      let flow = flow(steps, DirectAdjoint())
      return try allocations { _ = try flow(start) }
    }
    #expect(Set(counts).count == 1, "allocations at 1, 10 and 1000 steps: \(counts)")
  }

  @Test func `a step of a gradient allocates nothing`() throws {
    let gradient = compile { (flow: Network, start: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: flow) { sum(square(try $0(start))) }
      return [loss] + gradient.leaves
    }
    let counts = try [10, 1000].map { steps in
      try [flow(steps, DirectAdjoint()), flow(steps, CheckpointedAdjoint(budget: 4))].map { flow in
        try allocations { _ = try gradient(flow, start) }
      }
    }
    #expect(counts[0] == counts[1], "allocations at 10 and 1000 steps: \(counts)")
  }
}
