import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// The adjoint that is chosen for a flow, its memory, and its error.
@Suite struct AdjointPlanTests {
  /// A plan for a flow that may store a few states, tried out.
  private func tried<Method: Integrator>(
    _ flow: (AutomaticAdjoint<Method>) -> Flow<Method>, from start: Method.Field.State,
    states: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> AdjointPlan {
    let roomy = try flow(.automatic).plan(from: start)
    #expect(roomy.choice == .direct && roomy.products == 0, sourceLocation: sourceLocation)
    let tight = flow(.automatic(budget: states * roomy.stateBytes))
    let plan = try tight.plan(from: start)
    let problem = FlowProblem(tight.following(plan), from: start)
    let direct = FlowProblem(flow(.automatic), from: start)
    func gradient(_ problem: FlowProblem<Method>) throws -> [Double] {
      try valueAndGradient(at: problem) { try $0.loss }.gradient.leaves.flatMap(\.values)
    }
    let (measured, exact) = (try gradient(problem), try gradient(direct))
    let error = relativeError(measured, exact)
    #expect(error <= plan.errorBound, "\(plan.explanation)", sourceLocation: sourceLocation)
    if case .reversible = plan.choice, let reached = problem.flow.statistics.reconstructionError {
      #expect(
        reached <= plan.expectedError ?? 0, "\(reached): \(plan.explanation)",
        sourceLocation: sourceLocation)
    }
    #expect(problem.flow.statistics.plan == plan, sourceLocation: sourceLocation)
    // Beside the stored states there are those that are worked on, whatever the number of steps.
    let all = try direct.gradientPlan().arenaBytes - plan.steps * plan.stateBytes
    let bytes = try problem.gradientPlan().arenaBytes
    #expect(
      bytes <= plan.storedBytes + 2 * all + 8 * plan.stateBytes,
      "\(bytes) bytes, \(plan.storedBytes) planned", sourceLocation: sourceLocation)
    #expect(plan.storedBytes <= states * plan.stateBytes, sourceLocation: sourceLocation)
    return plan
  }

  private var exactly: NewtonKrylov { NewtonKrylov(tolerance: 1e-14) }

  @Test func `the heat equation is undone in segments`() throws {
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<ImplicitMidpoint<ODE<Tensor>>>) in
        Flow(
          HeatEquation.field, over: 0...0.02, steps: 400,
          using: ImplicitMidpoint(solver: exactly), adjoint: adjoint)
      }, from: HeatEquation.start, states: 40)
    guard case .reversible(let segments) = plan.choice else {
      Issue.record("\(plan.explanation)")
      return
    }
    #expect(segments > 5)
    // (1 + z/2) / (1 - z/2) with z = -hρ.
    let half = HeatEquation.radius * 0.02 / 400 / 2
    expectClose(plan.amplification ?? 0, (1 + half) / (1 - half), relative: 1e-6)
  }

  @Test func `longer steps through it leave nothing to be undone`() throws {
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<ImplicitMidpoint<ODE<Tensor>>>) in
        Flow(
          HeatEquation.field, over: 0...0.05, steps: 100,
          using: ImplicitMidpoint(solver: exactly), adjoint: adjoint)
      }, from: HeatEquation.start, states: 20)
    #expect(plan.choice == .checkpointed(budget: 20), "\(plan.explanation)")
  }

  private let ring = SeparableODE { _, p in
    p
  } force: { _, q in
    let n = q.count
    let left = concatenate([q.slice(1..<n), q.slice(0..<1)])
    let right = concatenate([q.slice(n - 1..<n), q.slice(0..<n - 1)])
    return left + right - 2 * q - sin(q)
  }
  private let swings = PhasePoint(
    q: 0.1 * Tensor.randomNormal([32], key: 3), p: 0.1 * Tensor.randomNormal([32], key: 4))

  @Test func `a chain of oscillators is undone as a whole`() throws {
    let ring = ring
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<Verlet<SeparableODE>>) in
        Flow(ring, over: 0...100, steps: 1_000, using: Verlet(), adjoint: adjoint)
      }, from: swings, states: 4)
    #expect(plan.choice == .reversible(segments: 1), "\(plan.explanation)")
  }

  @Test func `so is a Hamiltonian network`() throws {
    let stages = (0..<12).map { step in
      HamiltonianDynamics(
        SymmetricLayer(4, activation: .tanh, seed: UInt64(step), dtype: .float64),
        SymmetricLayer(4, activation: .tanh, seed: UInt64(step + 20), dtype: .float64))
    }
    let start = PhasePoint(
      q: .randomNormal([1, 4, 5, 5], key: 1), p: .randomNormal([1, 4, 5, 5], key: 2))
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<Verlet<HamiltonianDynamics>>) in
        Flow(stages: stages, over: 0...2, using: Verlet(), adjoint: adjoint)
      }, from: start, states: 3)
    guard case .reversible = plan.choice else {
      Issue.record("\(plan.explanation)")
      return
    }
  }

  @Test func `a parabolic network needs checkpoints`() throws {
    let stages = (0..<12).map { step in
      ParabolicDynamics(
        SymmetricLayer(4, activation: .tanh, seed: UInt64(step), dtype: .float64))
    }
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<RungeKutta<ParabolicDynamics>>) in
        Flow(stages: stages, over: 0...2, using: RungeKutta(.euler), adjoint: adjoint)
      }, from: .randomNormal([1, 4, 5, 5], key: 1), states: 3)
    #expect(plan.choice == .checkpointed(budget: 3) && plan.products == 0)
    #expect(plan.explanation.contains("No formula undoes"))
  }

  @Test func `so do the oscillations of van der Pol`() throws {
    let field = ODE { (_: Tensor, y: Tensor) in
      let (x, v) = (y.slice(0..<1), y.slice(1..<2))
      return concatenate([v, 5 * (1 - x * x) * v - x])
    }
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<ImplicitMidpoint<ODE<Tensor>>>) in
        Flow(
          field, over: 0...10, steps: 500, using: ImplicitMidpoint(solver: exactly),
          adjoint: adjoint)
      }, from: [2, 0], states: 12)
    #expect(plan.choice == .checkpointed(budget: 12), "\(plan.explanation)")
  }

  @Test func `and a stiff linear system`() throws {
    let field = ODE(Tensor([190, 1, 0.1])) { _, y, k in -k * y }
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<ImplicitMidpoint<ODE<Tensor>>>) in
        Flow(
          field, over: 0...1, steps: 100, using: ImplicitMidpoint(solver: exactly),
          adjoint: adjoint)
      }, from: [1, 2, 3], states: 10)
    #expect(plan.choice == .checkpointed(budget: 10), "\(plan.explanation)")
    // (1 + z/2) / (1 - z/2) with z = -1.9.
    expectClose(plan.amplification ?? 0, 1.95 / 0.05, relative: 1e-6)
  }
}

extension AdjointPlanTests {
  /// While a function is traced there is no state: sizes and kinds decide.
  @Test func `kinds decide where there is no state`() throws {
    let flow = Flow(
      ring, over: 0...20, steps: 200, using: Verlet(), adjoint: .automatic(budget: 4_096))
    let compiled = compile { (flow: Flow<Verlet<SeparableODE>>, y: PhasePoint) in
      try valueAndGradient(at: y) { sum(square(try flow($0).q)) }.gradient
    }
    _ = try compiled(flow, swings)
    let plan = try #require(flow.statistics.plan)
    #expect(plan.choice == .reversible(segments: 8) && plan.products == 0)
    #expect(plan.stateBytes == 512 && plan.expectedError == nil)
    #expect(try #require(flow.statistics.reconstructionError) < 1e-13)

    let other = Flow(
      ODE { _, y in sin(y) }, over: 0...1, steps: 200, using: LeapfrogMidpoint(),
      adjoint: .automatic(budget: 160))
    _ = try valueAndGradient(at: Tensor([1])) { sum(try other($0)) }
    #expect(other.statistics.plan?.choice == .checkpointed(budget: 10))
  }

  @Test func `steps of controlled size are recorded within the budget`() throws {
    func choice(_ budget: Int) throws -> AdjointPlan.Choice? {
      let flow = Flow(
        ODE { _, y in sin(y) }, over: 0...1, tolerance: 1e-6,
        using: EmbeddedRungeKutta(.tsitouras5), adjoint: .automatic(budget: budget))
      _ = try valueAndGradient(at: Tensor.ones([16])) { sum(try flow($0)) }
      return flow.statistics.plan?.choice
    }
    #expect(try choice(1 << 28) == .direct)
    // State and slope.
    #expect(try choice(2_560) == .checkpointed(budget: 10))
  }

  @Test func `in exact arithmetic every bit comes back, and nothing has to be known`() throws {
    let ring = ring
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<Verlet<SeparableODE>>) in
        Flow(
          ring, over: 0...100, steps: 1_000, using: Verlet(arithmetic: .exact), adjoint: adjoint)
      }, from: swings, states: 4)
    #expect(plan.choice == .reversible(segments: 1) && plan.products == 0)
    #expect(plan.errorBound == 0 && plan.explanation.contains("exact arithmetic"))
  }

  /// Beyond the size for which all entries are computed, eigenvalues come from products.
  @Test func `long chains are planned by products`() throws {
    let ring = ring
    let start = PhasePoint(
      q: 0.1 * Tensor.randomNormal([400], key: 3), p: 0.1 * Tensor.randomNormal([400], key: 4))
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<Verlet<SeparableODE>>) in
        Flow(ring, over: 0...50, steps: 500, using: Verlet(), adjoint: adjoint)
      }, from: start, states: 6)
    #expect(plan.products > 5, "\(plan.explanation)")
    guard case .reversible(let segments) = plan.choice, segments <= 6 else {
      Issue.record("\(plan.explanation)")
      return
    }
    #expect(try #require(plan.amplification) < 1.02)
  }

  @Test func `and long rods`() throws {
    // Diffusion with hρ = 0.2, in units of the mesh.
    let rod = ODE { (_: Tensor, y: Tensor) in
      let held = y.padded(before: 1, after: 1, along: 0)
      return held.slice(2..<y.count + 2) + held.slice(0..<y.count) - 2 * y
    }
    let plan = try tried(
      { (adjoint: AutomaticAdjoint<ImplicitMidpoint<ODE<Tensor>>>) in
        Flow(
          rod, over: 0...10, steps: 200, using: ImplicitMidpoint(solver: exactly),
          adjoint: adjoint)
      }, from: .randomNormal([600], key: 5), states: 30)
    #expect(plan.products > 5)
    guard case .reversible(let segments) = plan.choice else {
      Issue.record("\(plan.explanation)")
      return
    }
    #expect(segments > 1)
    let half = 0.05 * 4 / 2
    expectClose(plan.amplification ?? 0, (1 + half) / (1 - half), relative: 0.01)
  }
}
