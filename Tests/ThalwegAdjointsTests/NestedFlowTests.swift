import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Flows inside the dynamics of flows.
@Suite struct NestedFlowTests {
  private typealias Inner = Flow<RungeKutta<ODE<Tensor>>>

  private let inner = Inner(
    ODE(Tensor([0.5, -0.3])) { t, y, w in w * sin(y) + 0.1 * t }, over: 0...0.5, steps: 3,
    using: RungeKutta(.heun), adjoint: CheckpointedAdjoint(budget: 1))

  /// Each slope is what another flow makes of the state.
  private func outer(_ adjoint: some Adjoint<ReversibleHeun<ODE<Tensor>>>)
    -> Flow<ReversibleHeun<ODE<Tensor>>>
  {
    let dynamics = ODE(inner, Tensor([0.8])) { t, y, inner, scale in
      scale * Self.end(of: inner, from: y) * cos(t)
    }
    return Flow(dynamics, over: 0...1, steps: 4, using: ReversibleHeun(), adjoint: adjoint)
  }

  /// Tracing runs nothing, so that nothing is thrown.
  private static func end(of inner: Inner, from y: Tensor) -> Tensor {
    do { return try inner(y) } catch { fatalError("\(error)") }
  }

  /// The inner flow written out.
  private static func written(_ w: Tensor, from y: Tensor) -> Tensor {
    let h = 0.5 / 3
    return (0..<3).reduce(y) { y, step in
      let time = Double(step) * h
      let first = w * sin(y) + 0.1 * time
      let second = w * sin(y + h * first) + 0.1 * (time + h)
      return y + h / 2 * (first + second)
    }
  }

  @Test func `a nested flow is the same as its steps written out`() throws {
    let start = Tensor([0.4, 1.1])
    let plain = ODE(Tensor([0.5, -0.3]), Tensor([0.8])) { t, y, w, scale in
      scale * Self.written(w, from: y) * cos(t)
    }
    let expected = try valueAndGradient(
      at: FlowProblem(
        Flow(plain, over: 0...1, steps: 4, using: ReversibleHeun()), from: start)
    ) { try $0.loss }
    let adjoints: [any Adjoint<ReversibleHeun<ODE<Tensor>>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 2), ReversibleAdjoint(),
    ]
    for adjoint in adjoints {
      let problem = FlowProblem(outer(adjoint), from: start)
      let (loss, gradient) = try valueAndGradient(at: problem) { try $0.loss }
      expectClose(loss, expected.value, relative: 1e-14)
      expectClose(
        gradient.leaves.flatMap(\.values), expected.gradient.leaves.flatMap(\.values),
        relative: 1e-13, "\(type(of: adjoint))")
    }
  }

  @Test func `nested flows are twice differentiable`() throws {
    let adjoints: [any Adjoint<ReversibleHeun<ODE<Tensor>>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 2), ReversibleAdjoint(),
    ]
    for adjoint in adjoints {
      let problem = FlowProblem(outer(adjoint), from: Tensor([0.4, 1.1]))
      try expectDerivatives(
        of: { try $0.end }, at: problem, directions: 1, relative: 1e-7, "\(type(of: adjoint))")
    }
  }

  @Test func `an error inside is that of the inner flow`() {
    let explosion = Inner(
      ODE { _, y in y * y }, over: 0...10, steps: 50, using: RungeKutta(.euler))
    let dynamics = ODE { _, y in Self.end(of: explosion, from: y) }
    let flow = Flow(dynamics, over: 0...1, steps: 4, using: RungeKutta(.euler))
    let error = #expect(throws: IntegrationError.self) { try flow(Tensor([1])) }
    #expect(error?.steps == 50)
  }

  @Test func `evaluations inside are counted`() throws {
    let flow = outer(DirectAdjoint())
    _ = try flow(Tensor([0.4, 1.1]))
    // Four steps of two slopes, each with three steps of two slopes inside and itself.
    #expect(flow.statistics.evaluations == 4 * 2 * (3 * 2 + 1))
  }
}
