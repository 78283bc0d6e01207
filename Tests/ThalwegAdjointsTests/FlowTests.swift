import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

@Suite struct FlowTests {
  private struct Populations: VectorSpace {
    var prey: Tensor
    var predators: Tensor
    static let branches = Branches(\Populations.prey, \.predators)
  }

  private static let swing = ODE(Tensor([0.5, -1.5])) { t, y, w in w * y * cos(t) }
  private static let pendulum = SeparableODE(Tensor([1.5, 0.5])) { t, p, _ in
    p * cos(0.3 * t)
  } force: { _, q, k in
    -k * sin(q)
  }

  /// y' = w y cos t, so that y = y₀ exp(w (sin t - sin t₀)).
  @Test func `time may run backwards`() throws {
    let start = Tensor([1.2, -0.7])
    let flow = Flow(Self.swing, from: 1, to: 0, steps: 200, using: RungeKutta(.classic))
    let exact = zip(start.values, [0.5, -1.5]).map { $0 * Foundation.exp(-$1 * Foundation.sin(1)) }
    expectClose(try flow(start).values, exact, relative: 1e-10)
    #expect(flow.stepSize == -0.005)
  }

  @Test func `gradients of adjoints agree where time runs backwards`() throws {
    let start = PhasePoint(q: Tensor([0.3, 1]), p: Tensor([-0.2, 0.4]))
    func gradient(_ adjoint: some Adjoint<Verlet<SeparableODE>>) throws -> [Double] {
      let flow = Flow(
        Self.pendulum, from: 2, to: -1, steps: 30, using: Verlet(), adjoint: adjoint)
      return try valueAndGradient(at: FlowProblem(flow, from: start)) { try $0.loss }
        .gradient.leaves.flatMap(\.values)
    }
    let direct = try gradient(DirectAdjoint())
    #expect(try gradient(CheckpointedAdjoint(budget: 4)) == direct)
    expectClose(try gradient(ReversibleAdjoint()), direct, relative: 1e-13)
  }

  @Test func `no steps leave the state as it is`() throws {
    let start = PhasePoint(q: Tensor([0.3, 1]), p: Tensor([-0.2, 0.4]))
    let adjoints: [any Adjoint<Verlet<SeparableODE>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 0), CheckpointedAdjoint(budget: 2),
      ReversibleAdjoint(),
    ]
    for adjoint in adjoints { try expectIdentity(start, adjoint) }
  }

  private func expectIdentity(
    _ start: PhasePoint, _ adjoint: some Adjoint<Verlet<SeparableODE>>
  ) throws {
    let flow = Flow(Self.pendulum, over: 0...1, steps: 0, using: Verlet(), adjoint: adjoint)
    #expect(try flow(start).leaves.map(\.values) == start.leaves.map(\.values))
    let problem = FlowProblem(flow, from: start)
    let gradient = try valueAndGradient(at: problem) { try $0.loss }.gradient
    #expect(gradient.leaves.map(\.values) == [[0, 0]] + start.leaves.map(\.values))
    let rate = try jvp(at: problem, along: problem) { try $0.end }.derivative
    #expect(rate.leaves.map(\.values) == start.leaves.map(\.values))
  }

  @Test func `states may be structs`() throws {
    let rates = Tensor([1.5, 1, 3, 1])
    let lotka = ODE(of: Populations.self, rates) { _, y, p in
      let meetings = y.prey * y.predators
      return Populations(
        prey: p[0] * y.prey - p[1] * meetings, predators: p[3] * meetings - p[2] * y.predators)
    }
    let flat = ODE(rates) { _, y, p in
      let meetings = y[0] * y[1]
      return [p[0] * y[0] - p[1] * meetings, p[3] * meetings - p[2] * y[1]]
    }
    let structured = FlowProblem(
      Flow(lotka, over: 0...3, steps: 40, using: RungeKutta(.classic)),
      from: Populations(prey: Tensor([1]), predators: Tensor([2])))
    let stacked = FlowProblem(
      Flow(flat, over: 0...3, steps: 40, using: RungeKutta(.classic)),
      from: Tensor([1, 2], shape: [2, 1]))
    let first = try valueAndGradient(at: structured) { try $0.loss }
    let second = try valueAndGradient(at: stacked) { try $0.loss }
    expectClose(first.value, second.value, relative: 1e-14)
    expectClose(
      first.gradient.leaves.flatMap(\.values), second.gradient.leaves.flatMap(\.values),
      relative: 1e-13)
  }

  @Test func `single precision is kept`() throws {
    let weights = Tensor([0.5, -1.5].map(Float.init))
    let field = ODE(weights) { t, y, w in w * y * cos(t) }
    let flow = Flow(field, over: 0...1, steps: 50, using: RungeKutta(.classic))
    let double = Flow(Self.swing, over: 0...1, steps: 50, using: RungeKutta(.classic))
    let (value, gradient) = try valueAndGradient(
      at: FlowProblem(flow, from: Tensor([Float(1.2), -0.7]))
    ) { try $0.loss }
    let (expected, slope) = try valueAndGradient(
      at: FlowProblem(double, from: Tensor([1.2, -0.7]))
    ) { try $0.loss }
    #expect(value.dtype == .float32 && gradient.leaves.allSatisfy { $0.dtype == .float32 })
    expectClose(value.values, expected.values, relative: 1e-5)
    expectClose(
      gradient.leaves.flatMap(\.values), slope.leaves.flatMap(\.values), relative: 1e-5)
  }

  @Test func `numbers in the source adopt the precision of the parameters`() throws {
    let field = ODE(Tensor([Float(1), 2])) { _, y, w in w * y }
    let end = try Flow(field, over: 0...1, steps: 5, using: RungeKutta(.euler))([1, 1])
    #expect(end.dtype == .float32)
  }

  @Test func `a compiled function runs the same flow`() throws {
    let flow = Flow(Self.swing, over: 0...1, steps: 20, using: RungeKutta(.classic))
    let start = Tensor([1.2, -0.7])
    let compiled = compile { (flow: Flow<RungeKutta<ODE<Tensor>>>, y: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: flow) { sum(square(try $0(y))) }
      return [try flow(y), loss] + gradient.leaves
    }
    let (loss, gradient) = try valueAndGradient(at: flow) { sum(square(try $0(start))) }
    let expected = [try flow(start), loss] + gradient.leaves
    for _ in 0..<2 {
      #expect(try compiled(flow, start).map(\.values) == expected.map(\.values))
    }
    // Other parameters in the same plan.
    let doubled = flow.mapLeaves { 2 * $0 }
    let other = try compiled(doubled, start)
    #expect(try other[0].values == doubled(start).values)
  }

  @Test func `statistics tell what a flow took`() throws {
    let flow = Flow(Self.swing, over: 0...1, steps: 20, using: RungeKutta(.classic))
    _ = try flow(Tensor([1.2, -0.7]))
    #expect(flow.statistics.steps == 20 && flow.statistics.evaluations == 80)
    #expect(flow.statistics.arenaBytes > 0 && flow.statistics.reconstructionError == nil)
  }

  @Test func `no span, no stages and negative steps trap`() async {
    let messages = await [
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Flow(ODE { _, y in y }, from: 0, to: .infinity, steps: 1, using: RungeKutta(.euler))
      },
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Flow(ODE { _, y in y }, over: 0...1, steps: -1, using: RungeKutta(.euler))
      },
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let none: [ODE<Tensor>] = []
        _ = Flow(stages: none, over: 0...1, using: RungeKutta(.euler))
      },
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let layers = [Tensor([1]), Tensor([1, 2])].map { ODE($0) { _, y, w in w * y } }
        _ = Flow(stages: layers, over: 0...1, using: RungeKutta(.euler))
      },
    ].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
    #expect(messages[0].contains("flow: from 0.0 to inf is no span of time"))
    #expect(messages[1].contains("flow: steps must be at least 0, not -1"))
    #expect(messages[2].contains("flow: no stages"))
    #expect(messages[3].contains("flow: stage 1 has parameters [float64[2]], stage 0 has"))
  }
}
