import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Steps that are undone in segments, before each of which the state is stored.
@Suite struct SegmentedReversalTests {
  private typealias Midpoint = ImplicitMidpoint<ODE<Tensor>>

  private func heat(_ adjoint: some Adjoint<Midpoint>) -> Flow<Midpoint> {
    Flow(
      HeatEquation.field, over: 0...0.02, steps: 400,
      using: ImplicitMidpoint(solver: NewtonKrylov(tolerance: 1e-14)), adjoint: adjoint)
  }

  private func gradient(_ flow: Flow<Midpoint>) throws -> [Double] {
    try valueAndGradient(at: HeatEquation.start) { HeatEquation.loss(try flow($0)) }
      .gradient.values
  }

  // Errors of the fastest mode grow by the factor 1.24 a step.
  @Test func `the heat equation is undone in parts, and not as a whole`() throws {
    #expect(throws: IntegrationError.self) { try gradient(heat(ReversibleAdjoint())) }
    let flow = heat(ReversibleAdjoint(segments: 16))
    let expected = try gradient(heat(DirectAdjoint()))
    #expect(relativeError(try gradient(flow), expected) < 1e-11)
    let error = try #require(flow.statistics.reconstructionError)
    #expect(error > 1e-15 && error < 1e-9, "\(error)")
    // The largest of all segments, and not that of the last one to be undone.
    let coarse = heat(ReversibleAdjoint(bound: 1, segments: 8))
    _ = try gradient(coarse)
    #expect(try #require(coarse.statistics.reconstructionError) > 10 * error)
  }

  @Test func `the error says where a segment begins`() throws {
    let flow = heat(ReversibleAdjoint(segments: 4))
    let error = #expect(throws: IntegrationError.self) { try gradient(flow) }
    // The last segment is the first to be undone.
    #expect(error?.step == 300)
    expectClose(error?.time ?? 0, 0.015, relative: 1e-12)
  }

  private func network(
    _ adjoint: some Adjoint<Verlet<SeparableODE>>
  ) -> FlowProblem<Verlet<SeparableODE>> {
    let stages = (0..<7).map { step in
      SeparableODE(Tensor.randomNormal([3, 3], key: Tensor(Double(step)))) { t, p, w in
        tanh(matmul(p, w)) * (1 + 0.1 * t)
      } force: { t, q, w in
        -tanh(matmul(q, w.transposed)) + 0.1 * t
      }
    }
    let start = PhasePoint(
      q: .randomNormal([2, 3], key: 20), p: .randomNormal([2, 3], key: 21))
    return FlowProblem(
      Flow(stages: stages, over: 0...2, using: Verlet(), adjoint: adjoint), from: start)
  }

  @Test(arguments: [1, 2, 3, 7, 20])
  func `each step keeps its own field`(segments: Int) throws {
    func gradient(_ problem: FlowProblem<Verlet<SeparableODE>>) throws -> [Double] {
      try valueAndGradient(at: problem) { try $0.loss }.gradient.leaves.flatMap(\.values)
    }
    expectClose(
      try gradient(network(ReversibleAdjoint(segments: segments))),
      try gradient(network(DirectAdjoint())), relative: 1e-12)
  }

  @Test(arguments: [1, 3])
  func `states between are differentiated too`(segments: Int) throws {
    func gradient(_ adjoint: some Adjoint<Verlet<SeparableODE>>) throws -> [Double] {
      let pendulum = SeparableODE(Tensor(1.2)) { _, p, _ in
        p
      } force: { _, q, k in
        -k * sin(q)
      }
      let flow = Flow(pendulum, over: 0...3, steps: 10, using: Verlet(), adjoint: adjoint)
      let start = PhasePoint(q: [1, 2], p: [0, -1])
      return try valueAndGradient(at: FlowProblem(flow, from: start)) { problem in
        let states = try problem.flow.trajectory(from: problem.start, at: [0, 0.75, 1.5, 3]).states
        return states.enumerated().map { Double($0 + 1) * sum(square($1.q) * $1.p) }
          .reduce(0 as Tensor) { $0 + $1 }
      }.gradient.leaves.flatMap(\.values)
    }
    expectClose(
      try gradient(ReversibleAdjoint(segments: segments)), try gradient(DirectAdjoint()),
      relative: 1e-11)
  }

  @Test func `gradients can be differentiated again`() throws {
    func second(_ problem: FlowProblem<Verlet<SeparableODE>>) throws -> [Double] {
      try valueAndGradient(at: problem) { problem in
        let inner = try valueAndGradient(at: problem) { try $0.loss }.gradient
        return inner.leaves.map { sum(square($0)) }.reduce(0 as Tensor) { $0 + $1 }
      }.gradient.leaves.flatMap(\.values)
    }
    expectClose(
      try second(network(ReversibleAdjoint(segments: 3))), try second(network(DirectAdjoint())),
      relative: 1e-9)
  }
}
