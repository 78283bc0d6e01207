import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// Events by methods of all kinds.
@Suite struct EventMethodTests {
  /// y' = -a y from 1, which is ½ at t = log 2 / a.
  private struct Decay: TensorTree {
    var start = Tensor([1.0])
    var rate = Tensor([1.3], shape: [])
    static let branches = Branches(\Decay.start, \.rate)
    var field: ODE<Tensor> { ODE(rate) { t, y, a in -a * y } }
  }

  private let half = Event<Tensor>("half", .falling) { t, y in y[0] - 0.5 }

  private func check(
    _ name: Comment, error: Double,
    _ landing: (Decay, [Event<Tensor>]) throws -> Landing<Tensor>
  ) throws {
    func time(_ problem: Decay) throws -> Tensor { try landing(problem, [half]).time }
    let exact = log(2) / 1.3
    expectClose(try time(Decay()).scalar, exact, relative: error, name)
    // ∂t/∂y₀ = 1 / (a y₀), ∂t/∂a = -t / a
    let gradient = try valueAndGradient(at: Decay()) { try time($0) }.gradient
    expectClose(
      gradient.leaves.map { $0.values[0] }, [1 / 1.3, -exact / 1.3], relative: 10 * error, name)
  }

  @Test func `fixed steps`() throws {
    func flow<Method: Integrator>(
      _ method: Method, _ problem: Decay, _ events: [Event<Tensor>]
    ) throws -> Landing<Tensor> where Method.Field == ODE<Tensor> {
      try Flow(problem.field, from: 0, to: 2, steps: 100, using: method, events: events)
        .landing(from: problem.start)
    }
    try check("classic", error: 1e-8) { try flow(RungeKutta(.classic), $0, $1) }
    try check("pair", error: 1e-9) { try flow(EmbeddedRungeKutta(.dormandPrince5), $0, $1) }
    try check("implicit midpoint", error: 1e-4) { try flow(ImplicitMidpoint(), $0, $1) }
    try check("backward Euler", error: 2e-2) { try flow(BackwardEuler(), $0, $1) }
    try check("Gauss", error: 1e-8) { try flow(Gauss4(), $0, $1) }
    try check("reversible Heun", error: 1e-3) { try flow(ReversibleHeun(), $0, $1) }
    try check("asynchronous", error: 1e-3) { try flow(AsynchronousLeapfrog(), $0, $1) }
  }

  @Test func `controlled steps`() throws {
    func flow<Method: EmbeddedIntegrator>(
      _ method: Method, _ problem: Decay, _ events: [Event<Tensor>]
    ) throws -> Landing<Tensor> where Method.Field == ODE<Tensor> {
      try Flow(problem.field, from: 0, to: 2, tolerance: 1e-8, using: method, events: events)
        .landing(from: problem.start)
    }
    try check("Bogacki-Shampine", error: 1e-6) {
      try flow(EmbeddedRungeKutta(.bogackiShampine3), $0, $1)
    }
    try check("Dormand-Prince", error: 1e-6) {
      try flow(EmbeddedRungeKutta(.dormandPrince8), $0, $1)
    }
    try check("Radau", error: 1e-6) { try flow(RadauIIA5(), $0, $1) }
    try check("Kvaerno", error: 1e-6) {
      try flow(DiagonallyImplicitRungeKutta(.kvaerno5), $0, $1)
    }
    try check("user's", error: 1e-5) { try flow(TestPair(), $0, $1) }
  }

  @Test func `single precision`() throws {
    let problem = BouncingBall(dtype: .float32)
    let double = BouncingBall()
    let flow = Flow(
      problem.fall, from: 0, to: 3.8, tolerance: .relative(1e-5, absolute: 1e-5),
      using: EmbeddedRungeKutta(.tsitouras5), events: [problem.bounce])
    let landing = try flow.landing(from: problem.start)
    #expect(landing.time.dtype == .float32)
    #expect(landing.occurrences.count == 5)
    expectClose(
      landing.occurrences.map(\.time.scalar), (0..<5).map { double.time(of: $0).scalar },
      relative: 1e-5)
    func last(_ problem: BouncingBall) throws -> Tensor {
      try flow.landing(from: problem.start).occurrences[4].time
    }
    let gradient = try valueAndGradient(at: problem) { try last($0) }.gradient
    let wanted = try valueAndGradient(at: double) { $0.time(of: 4) }.gradient
    expectClose(
      gradient.start.leaves.map(\.scalar), wanted.start.leaves.map(\.scalar), relative: 1e-4)
  }

  @Test func `jumps and times to step to are kept`() throws {
    // The speed changes at t = 1; y passes 3 at t = 2, and is set back to 0.
    let field = ODE { t, y in select(t .< 1, 1, 2) + 0 * y }
    let reset = Event<Tensor>("reset", .rising) { t, y in y - 3 }.apply { t, y in 0 * y }
    let flow = Flow(
      field, from: 0, to: 5, tolerance: 1e-8, using: EmbeddedRungeKutta(.dormandPrince5),
      control: StepControl(stepTo: [0.25, 2.5], jumps: [1]), events: [reset])
    let landing = try flow.landing(from: Tensor([0], shape: []))
    expectClose(landing.occurrences.map(\.time.scalar), [2, 3.5, 5].dropLast(), relative: 1e-12)
    expectClose(landing.state.scalar, 3, relative: 1e-12)
  }

  @Test func `a flow that ends where it begins`() throws {
    let flow = Flow(
      ODE { t, y in -y }, from: 1, to: 1, tolerance: 1e-8,
      using: EmbeddedRungeKutta(.dormandPrince5), events: [half])
    let landing = try flow.landing(from: Tensor([2]))
    #expect(landing.state.values == [2] && landing.time.scalar == 1)
    #expect(landing.occurrences.isEmpty)
  }
}
