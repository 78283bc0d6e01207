import CThalwegProbes
import Testing
import Thalweg
import ThalwegTestSupport

/// What steps of controlled size need of memory.
@Suite struct ControlledMemoryTests {
  private typealias Network = Flow<TestPair<ODE<Tensor>>>

  /// The least allocations of several runs, of which the first compiles.
  private func allocations(_ work: () throws -> Void) rethrows -> Int64 {
    try work()
    var least = Int64.max
    for _ in 0..<8 {
      probe_start()
      try work()
      least = min(least, probe_stop())
    }
    return least
  }

  private func flow(
    _ tolerance: Double, _ adjoint: some Adjoint<TestPair<ODE<Tensor>>>,
    samples: StepControl.Samples = .together
  ) -> Network {
    let dynamics = ODE(Tensor([1, 2, 3, 4], shape: [2, 2]), Tensor([0.5, 0.1])) { t, y, w, b in
      tanh(matmul(y, w) + b) * cos(9 * t)
    }
    return Flow(
      dynamics, over: 0...3, tolerance: .absolute(tolerance), using: TestPair(), adjoint: adjoint,
      control: StepControl(samples: samples))
  }

  private let start = Tensor([1, -1, 0.5, 2], shape: [2, 2])

  @Test(.whereAllocationsAreCounted, arguments: [StepControl.Samples.together, .independent])
  func `a step of controlled size allocates nothing`(samples: StepControl.Samples) throws {
    var steps: [Int] = []
    let counts = try [1e-2, 1e-5, 1e-8].map { tolerance in
      let flow = flow(tolerance, DirectAdjoint(), samples: samples)
      defer { steps.append(flow.statistics.accepted) }
      return try allocations { _ = try flow(start) }
    }
    #expect(Set(counts).count == 1, "\(counts) allocations")
    #expect(steps[2] > 20 * steps[0])
  }

  @Test(.whereAllocationsAreCounted) func `nor does a step of its gradient`() throws {
    let gradient = compile { (flow: Network, start: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: flow) { sum(square(try $0(start))) }
      return [loss] + gradient.leaves
    }
    let few = CheckpointedAdjoint<TestPair<ODE<Tensor>>>(budget: 4)
    let counts = try [1e-3, 1e-7].map { tolerance in
      let independent = flow(tolerance, few, samples: .independent)
      return try [
        (flow(tolerance, DirectAdjoint()), start), (flow(tolerance, few), start),
        (independent, start.slice(0..<1)), (independent, start),
      ].map { flow, start in
        try allocations { _ = try gradient(flow, start) }
      }
    }
    #expect(counts[0][..<3] == counts[1][..<3], "allocations: \(counts)")
    // Which thread takes which of two samples decides about the tapes of a thread, not of a step.
    #expect((counts[1][3] - counts[0][3]).magnitude <= 4, "allocations: \(counts)")
  }

  /// The states of all steps, or of a few.
  @Test func `checkpoints bound the memory of states`() throws {
    let states = Tensor.random([50, 2], seed: 2)
    func bytes(_ tolerance: Double, _ adjoint: some Adjoint<TestPair<ODE<Tensor>>>) throws -> Int {
      try FlowGradient(flow(tolerance, adjoint)).counts(at: states).tapeBytes
    }
    let direct = try [1e-3, 1e-7].map { try bytes($0, DirectAdjoint()) }
    let few = try [1e-3, 1e-7].map { try bytes($0, CheckpointedAdjoint(budget: 5)) }
    #expect(direct[1] > 5 * direct[0], "\(direct)")
    // State and slope of 100 doubles each, five times, and the grid of 32 bytes a step.
    #expect(few[1] - few[0] < direct[1] / 10, "\(few) and \(direct)")
  }
}

extension ControlledMemoryTests {
  /// Steps are repeated hardly oftener than if their number were known before.
  @Test(arguments: [1, 3, 10, 30])
  func `few steps are repeated`(budget: Int) throws {
    let direct = try FlowGradient(flow(1e-6, DirectAdjoint())).counts(at: start)
    let few = try FlowGradient(flow(1e-6, CheckpointedAdjoint(budget: budget))).counts(at: start)
    #expect(direct.accepted == few.accepted && direct.accepted > 100)
    let repeated = few.evaluations - direct.evaluations
    #expect(repeated % 3 == 0)
    let schedule = CheckpointSchedule(steps: direct.accepted, budget: budget)
    let least = schedule.actions.count { if case .advance = $0 { true } else { false } }
    #expect(repeated / 3 >= least && Double(repeated / 3) < 1.6 * Double(least), "\(least)")
  }
}

/// The gradient of a flow's end as a plan that can be asked what it did.
private struct FlowGradient {
  private let flow: Flow<TestPair<ODE<Tensor>>>

  init(_ flow: Flow<TestPair<ODE<Tensor>>>) { self.flow = flow }

  func counts(at start: Tensor) throws -> RunCounts {
    let gradient = compile { (flow: Flow<TestPair<ODE<Tensor>>>, start: Tensor) in
      try valueAndGradient(at: start) { sum(square(try flow($0))) }.gradient
    }
    let plan = try gradient.plan(for: flow, start)
    var counts = RunCounts()
    _ = try plan.run([flow.leaves, [start]].flatMap { $0 }, counting: &counts)
    return counts
  }
}
