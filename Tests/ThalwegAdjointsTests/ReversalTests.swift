import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Reconstructed states are measured, and gradients made of wrong ones are errors.
@Suite struct ReversalTests {
  /// Forward Euler with a way back that misses by a known factor.
  private struct Sloppy: ReversibleIntegrator {
    typealias Field = ODE<Tensor>
    let order = 1
    let excess: Double

    func step(_ f: ODE<Tensor>, at t: Tensor, from y: Tensor, by h: Tensor) -> Tensor {
      y + h * f(t, 0 * y + 1)
    }

    func unstep(_ f: ODE<Tensor>, at t: Tensor, from y: Tensor, by h: Tensor) -> Tensor {
      (1 + excess) * (y - h * f(t, 0 * y + 1))
    }
  }

  /// With no slope, each step back multiplies the state by 1 + excess and does nothing else.
  private func sloppy(_ bound: Double?, dtype: DType = .float64) throws -> FlowStatistics {
    let flow = Flow(
      ODE { _, y in 0 * y }, over: 0...1, steps: 100, using: Sloppy(excess: 1e-6),
      adjoint: ReversibleAdjoint(bound: bound))
    _ = try valueAndGradient(at: Tensor([3, -4], shape: [2], dtype: dtype)) { sum(try flow($0)) }
    return flow.statistics
  }

  @Test func `the reported error is the true one`() throws {
    let expected = Foundation.pow(1.000_001, 100.0) - 1
    let error = try sloppy(1e-3).reconstructionError
    expectClose(error ?? 0, expected, relative: 1e-9)
  }

  @Test func `an error past the bound is thrown with both`() throws {
    for bound in [1e-5, nil] {
      let error = #expect(throws: IntegrationError.self) { try sloppy(bound) }
      guard case .reconstruction(let value, let allowed)? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      expectClose(value, Foundation.pow(1.000_001, 100.0) - 1, relative: 1e-9)
      #expect(allowed == bound ?? Double.ulpOfOne.squareRoot())
      #expect(error?.norm == 5 && error?.step == 0 && error?.time == 0 && error?.steps == 100)
      #expect(error?.description.contains("undoing the steps missed the initial state") == true)
      #expect(error?.advice.contains("CheckpointedAdjoint") == true)
    }
  }

  @Test func `the precision of the state decides the default bound`() throws {
    let float = try sloppy(nil, dtype: .float32).reconstructionError
    expectClose(float ?? 0, 1e-4, relative: 0.2)
    let error = #expect(throws: IntegrationError.self) { try sloppy(1e-5, dtype: .float32) }
    #expect(error?.reason != nil)
  }

  // Where λ < 0 these methods grow in one mode and shrink in the other, which grows on the way back.
  @Test func `dissipative dynamics cannot be undone`() throws {
    try expectIrreversible(ReversibleHeun())
    try expectIrreversible(AsynchronousLeapfrog())
    try expectIrreversible(AsynchronousLeapfrog(damping: 0.8))
    try expectIrreversible(LeapfrogMidpoint())
  }

  private func expectIrreversible<Method: ReversibleIntegrator>(
    _ method: Method, sourceLocation: SourceLocation = #_sourceLocation
  ) throws where Method.Field == ODE<Tensor> {
    let decay = ODE(Tensor([10])) { _, y, k in -k * y }
    let start = Tensor([1, 0.5])
    let flow = Flow(
      decay, over: 0...4, steps: 400, using: method, adjoint: ReversibleAdjoint())
    let error = #expect(throws: IntegrationError.self, sourceLocation: sourceLocation) {
      try valueAndGradient(at: flow) { sum(try $0(start)) }
    }
    guard case .reconstruction(let measured, let bound)? = error?.reason else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(measured > bound && bound == Double.ulpOfOne.squareRoot())
    #expect(flow.statistics.reconstructionError == measured, sourceLocation: sourceLocation)
    // What the error advises.
    let checkpointed = Flow(
      decay, over: 0...4, steps: 400, using: method, adjoint: CheckpointedAdjoint(budget: 10))
    #expect(try valueAndGradient(at: checkpointed) { sum(try $0(start)) }.value.scalar.isFinite)
  }

  @Test func `oscillators are undone to rounding and say so`() throws {
    let pendulum = SeparableODE(Tensor([1.3])) { _, p, _ in
      p
    } force: { _, q, k in
      -k * sin(q)
    }
    let start = PhasePoint(q: Tensor([1, -2]), p: Tensor([0.5, 0]))
    let flow = Flow(
      pendulum, over: 0...100, steps: 2_000, using: Verlet(), adjoint: ReversibleAdjoint())
    let direct = Flow(pendulum, over: 0...100, steps: 2_000, using: Verlet())
    let gradient = try valueAndGradient(at: FlowProblem(flow, from: start)) { try $0.loss }.gradient
    let error = try #require(flow.statistics.reconstructionError)
    #expect(error > 0 && error < 1e-12)
    let expected = try valueAndGradient(at: FlowProblem(direct, from: start)) { try $0.loss }
      .gradient
    expectClose(
      gradient.leaves.flatMap(\.values), expected.leaves.flatMap(\.values), relative: 1e-11)
    #expect(direct.statistics.reconstructionError == nil)
  }

  @Test func `compiled gradients are certified at each run`() throws {
    let decay = ODE { _, y in -10 * y }
    let flow = Flow(
      decay, over: 0...4, steps: 400, using: AsynchronousLeapfrog(), adjoint: ReversibleAdjoint())
    let step = compile { (y: Tensor) in try valueAndGradient(at: y) { sum(try flow($0)) }.gradient }
    // At rest nothing is lost. The error of zero states is absolute.
    #expect(try step(Tensor([0])).scalar.isFinite)
    #expect(flow.statistics.reconstructionError == 0)
    #expect(throws: IntegrationError.self) { try step(Tensor([1])) }
    let measured = try #require(flow.statistics.reconstructionError)
    #expect(measured > 1e-8)
    #expect(try step(Tensor([0])).scalar.isFinite)
    #expect(flow.statistics.reconstructionError == 0)
  }
}
