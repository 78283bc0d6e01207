import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Loops over steps against the same steps written one after the other.
@Suite struct StagedFlowTests {
  private static let steps = 7

  private static func weight(_ stage: Int) -> Tensor {
    .random([3, 3], seed: UInt64(10 + stage))
  }

  private static let networks = (0..<steps).map { stage in
    ODE(weight(stage), Tensor.random([3], seed: UInt64(stage))) { t, y, w, b in
      tanh(matmul(w, y) + b * cos(t))
    }
  }

  private static let forces = (0..<steps).map { stage in
    SeparableODE(weight(stage), weight(stage + 50)) { t, p, k, _ in
      matmul(k.transposed, tanh(matmul(k, p))) * cos(t)
    } force: { t, q, _, k in
      -matmul(k.transposed, tanh(matmul(k, q) + t))
    }
  }

  /// The end of a flow step by step, without a loop.
  private static func unrolled<Method: Integrator>(
    _ flow: Flow<Method>, from start: Method.Field.State
  ) -> Method.Field.State {
    let h = Tensor([flow.stepSize], shape: [])
    let field = { (step: Int) in flow.isStaged ? flow.stages[step] : flow.stages[0] }
    var carry = flow.method.start(
      field(0), at: Tensor([flow.start], shape: []), from: start, by: h)
    for step in 0..<flow.steps {
      let time = Tensor([flow.start + Double(step) * flow.stepSize], shape: [])
      carry = flow.method.step(field(step), at: time, from: carry, by: h)
    }
    return flow.method.state(of: carry)
  }

  private func expectUnrolled<Method: Integrator>(
    _ flow: Flow<Method>, from start: Method.Field.State,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let problem = FlowProblem(flow, from: start)
    let looped = try valueAndGradient(at: problem) { try $0.loss }
    let written = try valueAndGradient(at: problem) { problem in
      let end = Self.unrolled(problem.flow, from: problem.start)
      return end.leaves.map { sum(square($0)) }.reduce(Tensor(0)) { $0 + 0.5 * $1 }
    }
    expectClose(looped.value, written.value, relative: 1e-14, sourceLocation: sourceLocation)
    #expect(looped.gradient.leaves.count == written.gradient.leaves.count)
    let paths = problem.leafList.paths
    for (path, pair) in zip(paths, zip(looped.gradient.leaves, written.gradient.leaves)) {
      expectClose(
        pair.0, pair.1, relative: 1e-13, absolute: 1e-15, "\(path)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `each stage of a network has the gradient of its own step`() throws {
    let start = Tensor.random([3], seed: 3)
    let adjoints: [any Adjoint<RungeKutta<ODE<Tensor>>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 0), CheckpointedAdjoint(budget: 2),
      CheckpointedAdjoint(budget: 7),
    ]
    for adjoint in adjoints {
      for tableau in [ButcherTableau.euler, .classic] {
        try expectUnrolled(staged(Self.networks, RungeKutta(tableau), adjoint), from: start)
      }
    }
  }

  @Test func `each stage of a reversible network has the gradient of its own step`() throws {
    let start = PhasePoint(q: .random([3], seed: 1), p: .random([3], seed: 2))
    let adjoints: [any Adjoint<Verlet<SeparableODE>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 2), ReversibleAdjoint(),
    ]
    for adjoint in adjoints {
      try expectUnrolled(staged(Self.forces, Verlet(), adjoint), from: start)
    }
    for variant in [SymplecticEuler<SeparableODE>.Variant.kickDrift, .driftKick] {
      try expectUnrolled(
        staged(Self.forces, SymplecticEuler(variant), ReversibleAdjoint()), from: start)
    }
  }

  @Test func `methods with two states start with the first stage`() throws {
    let start = Tensor.random([3], seed: 3)
    try expectUnrolled(
      staged(Self.networks, AsynchronousLeapfrog(), ReversibleAdjoint()), from: start)
    try expectUnrolled(staged(Self.networks, ReversibleHeun(), ReversibleAdjoint()), from: start)
    try expectUnrolled(
      staged(Self.networks, LeapfrogMidpoint(), CheckpointedAdjoint(budget: 2)), from: start)
  }

  @Test func `stages that share a field have its gradient together`() throws {
    let start = Tensor.random([3], seed: 3)
    let field = Self.networks[0]
    let shared = FlowProblem(
      Flow(field, over: 0...1, steps: 4, using: RungeKutta(.kutta3)), from: start)
    let staged = FlowProblem(
      Flow(stages: [field, field, field, field], over: 0...1, using: RungeKutta(.kutta3)),
      from: start)
    let (value, gradient) = try valueAndGradient(at: shared) { try $0.loss }
    let (same, parts) = try valueAndGradient(at: staged) { try $0.loss }
    expectClose(same, value, relative: 1e-15)
    #expect(parts.flow.stages.count == 4)
    for leaf in 0..<2 {
      let total = parts.flow.stages.map { $0.leaves[leaf] }.reduce(Tensor(0)) { $0 + $1 }
      expectClose(total, gradient.flow.dynamics.leaves[leaf], relative: 1e-14)
    }
  }

  @Test func `one field for all steps has the gradient of all of them`() throws {
    let start = Tensor.random([3], seed: 3)
    for adjoint: any Adjoint<AsynchronousLeapfrog<ODE<Tensor>>> in [
      DirectAdjoint(), CheckpointedAdjoint(budget: 3), ReversibleAdjoint(),
    ] {
      try expectUnrolled(shared(Self.networks[1], adjoint), from: start)
    }
  }

  private func staged<Method: Integrator>(
    _ fields: [Method.Field], _ method: Method, _ adjoint: some Adjoint<Method>
  ) -> Flow<Method> {
    Flow(stages: fields, over: 0.5...2, using: method, adjoint: adjoint)
  }

  private func shared(
    _ field: ODE<Tensor>, _ adjoint: some Adjoint<AsynchronousLeapfrog<ODE<Tensor>>>
  ) -> Flow<AsynchronousLeapfrog<ODE<Tensor>>> {
    Flow(
      field, over: 0.5...2, steps: Self.steps, using: AsynchronousLeapfrog(damping: 0.8),
      adjoint: adjoint)
  }
}
