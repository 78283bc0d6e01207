import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Gradients by integrating the adjoint equation backwards in time.
@Suite struct ContinuousAdjointTests {
  private typealias Classic = RungeKutta<ODE<Tensor>>

  private let pendulum = ODE(Tensor([9.0, 3.0])) { t, y, w in
    let (q, p) = (y.slice(0..<1), y.slice(1..<2))
    return concatenate([p, w.slice(1..<2) * cos(2 * t) - w.slice(0..<1) * sin(q)])
  }
  private let start = Tensor([1, 0.5])

  private func gradient<Method: Integrator>(
    _ flow: Flow<Method>, at times: [Double]? = nil
  ) throws -> [Tensor] where Method.Field == ODE<Tensor> {
    try valueAndGradient(at: FlowProblem(flow, from: start)) { problem in
      let states = try times.map { try problem.flow.trajectory(from: problem.start, at: $0).states }
      return try (states ?? [problem.end]).map { sum(square($0) * Tensor([1, 2])) }
        .reduce(Tensor(0.0), +)
    }.gradient.leaves
  }

  /// The distance of the gradients of fixed steps, in units of the gradient.
  private func distance(_ steps: Int, times: [Double]? = nil) throws -> Double {
    let direct = Flow(pendulum, over: 0...1, steps: steps, using: RungeKutta(.classic))
    let continuous = Flow(
      pendulum, over: 0...1, steps: steps, using: RungeKutta(.classic),
      adjoint: ContinuousAdjoint(using: RungeKutta(.classic), steps: steps))
    let (a, b) = (try gradient(continuous, at: times), try gradient(direct, at: times))
    return zip(a, b).map(relativeError).max() ?? .nan
  }

  @Test func `it tends to the gradient of the steps with the order of the method`() throws {
    let errors = try [20, 40, 80].map { try distance($0) }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 4) < 0.5, "\(errors)")
    }
    #expect(errors[0] > 1e-9)
  }

  @Test func `states at several times`() throws {
    let times = [0.5, 1, 0, 0.25, 1]
    let errors = try [20, 80].map { try distance($0, times: times) }
    #expect(errors[0] < 1e-3 && errors[1] < 1e-5, "\(errors)")
  }

  @Test func `with steps of controlled size`() throws {
    func flow(_ adjoint: some Adjoint<TestPair<ODE<Tensor>>>) -> Flow<TestPair<ODE<Tensor>>> {
      Flow(pendulum, over: 0...1, tolerance: 1e-8, using: TestPair(), adjoint: adjoint)
    }
    let continuous = flow(ContinuousAdjoint(using: TestPair(), tolerance: 1e-8))
    for times in [nil, [0.3, 1, 0.9]] {
      let a = try gradient(continuous, at: times)
      let b = try gradient(flow(DirectAdjoint()), at: times)
      for (x, y) in zip(a, b) { expectClose(x, y, relative: 1e-5) }
    }
  }

  /// No state is stored, so that memory does not grow with the steps.
  @Test func `memory does not grow with the steps`() throws {
    let bytes = try [10, 1000].map { steps in
      let flow = Flow(
        pendulum, over: 0...1, steps: steps, using: RungeKutta(.classic),
        adjoint: ContinuousAdjoint(using: RungeKutta(.classic), steps: steps))
      return try FlowProblem(flow, from: start).gradientPlan().arenaBytes
    }
    // The times of the steps alone.
    #expect(bytes[1] - bytes[0] < 100 * 8)
  }

  /// What the documentation warns of.
  @Test func `dissipative dynamics make it wrong`() throws {
    // The fast component follows cos t; backwards it runs away from it, and the slow one with it.
    let decay = ODE(Tensor(1.0)) { t, y, w in
      let fast = y.slice(0..<1)
      return concatenate([-40 * (fast - cos(t)), w * square(fast)])
    }
    let direct = Flow(decay, over: 0...2, steps: 200, using: RungeKutta(.classic))
    let continuous = Flow(
      decay, over: 0...2, steps: 200, using: RungeKutta(.classic),
      adjoint: ContinuousAdjoint(using: RungeKutta(.classic), steps: 200))
    let (a, b) = (try gradient(continuous), try gradient(direct))
    #expect(relativeError(a[0], b[0]) > 1)
  }

  @Test func `derivatives forward are those of the flow`() throws {
    let continuous = Flow(
      pendulum, over: 0...1, steps: 10, using: RungeKutta(.classic),
      adjoint: ContinuousAdjoint(using: RungeKutta(.classic), steps: 10))
    let direct = Flow(pendulum, over: 0...1, steps: 10, using: RungeKutta(.classic))
    let u = Tensor([0.3, -0.7])
    let a = try jvp(at: start, along: u) { try continuous($0) }
    let b = try jvp(at: start, along: u) { try direct($0) }
    #expect(a.value.values == b.value.values && a.derivative.values == b.derivative.values)
  }
}
