import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

@Suite struct TrajectoryTests {
  /// y' = y cos t, so that y = y₀ exp(sin t).
  private let swing = ODE { t, y in y * cos(t) }
  private let pendulum = SecondOrderODE { _, y in -sin(y) }

  private func exact(_ time: Double) -> Double { Foundation.exp(Foundation.sin(time)) }

  @Test func `states at steps are those of shorter flows`() throws {
    let start = Tensor([1, 2])
    let trajectory = try Flow(swing, over: 0...2, steps: 8, using: RungeKutta(.kutta3))
      .trajectory(from: start)
    #expect(trajectory.times == (0...8).map { 0.25 * Double($0) })
    #expect(trajectory.states.count == 9 && trajectory.statistics.evaluations == 24)
    for (time, state) in zip(trajectory.times, trajectory.states) {
      let shorter = Flow(
        swing, over: 0...time, steps: Int(4 * time), using: RungeKutta(.kutta3))
      #expect(try shorter(start).values == state.values)
    }
  }

  @Test func `methods that carry more give the state alone`() throws {
    let start = PhasePoint(q: Tensor([1]), p: Tensor([0]))
    let flow = Flow(pendulum.firstOrder, over: 0...1, steps: 4, using: ReversibleHeun())
    let trajectory = try flow.trajectory(from: start, at: [0.5, 1, 0])
    #expect(trajectory.states[1].q.values == (try flow(start)).q.values)
    #expect(trajectory.states[2].p.values == [0])
    #expect(trajectory.times == [0.5, 1, 0])
  }

  @Test func `a time that was computed as a sum is that of its step`() throws {
    let flow = Flow(swing, over: 0...1, steps: 10, using: RungeKutta(.euler))
    let sum = 0.1 + 0.2
    let trajectory = try flow.trajectory(from: Tensor([1]), at: [sum])
    let all = try flow.trajectory(from: Tensor([1]))
    #expect(sum != 0.3 && trajectory.states[0].values == all.states[3].values)
  }

  @Test(arguments: [(0.0, 3.0), (3.0, 0.0)])
  func `between steps the order is 4`(start: Double, end: Double) throws {
    let errors = try [40, 80, 160].map { steps in
      let flow = Flow(swing, from: start, to: end, steps: steps, using: RungeKutta(.classic))
      let times = (0..<steps).map { start + (Double($0) + 0.37) * flow.stepSize }
      let states = try flow.trajectory(from: Tensor([exact(start)]), at: times).states
      return zip(times, states).map { abs($1.scalar - exact($0)) }.max() ?? .nan
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 4) < 0.1, "\(errors)")
    }
  }

  /// Piecewise constant slopes make the interpolant piecewise linear.
  @Test func `between steps the slope is that of the stage`() throws {
    let slopes = [1.0, -2, 4]
    let flow = Flow(
      stages: slopes.map { slope in ODE(Tensor([slope])) { _, y, w in w + 0 * y } }, over: 0...3,
      using: RungeKutta(.euler))
    let states = try flow.trajectory(from: Tensor([0]), at: [0.5, 1, 1.25, 2.75, 3]).states
    expectClose(states.map(\.scalar), [0.5, 1, 0.5, 2, 3], relative: 1e-15)
  }

  @Test func `states are differentiable`() throws {
    let dynamics = ODE(Tensor([0.7, -0.4])) { t, y, w in w * y * cos(t) + 0.1 * y * y }
    let adjoints: [any Adjoint<AsynchronousLeapfrog<ODE<Tensor>>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 2), ReversibleAdjoint(),
    ]
    for adjoint in adjoints { try expectDerivatives(dynamics, adjoint) }
  }

  private func expectDerivatives(
    _ dynamics: ODE<Tensor>, _ adjoint: some Adjoint<AsynchronousLeapfrog<ODE<Tensor>>>
  ) throws {
    let flow = Flow(
      dynamics, over: 0...1, steps: 6, using: AsynchronousLeapfrog(), adjoint: adjoint)
    let problem = FlowProblem(flow, from: Tensor([1, -0.5]))
    try ThalwegTestSupport.expectDerivatives(
      of: { problem in
        let states = try problem.flow.trajectory(
          from: problem.start, at: [0, 0.2, 0.5, 0.93, 1]
        ).states
        return concatenate(states)
      }, at: problem, relative: 1e-7, "\(type(of: adjoint))")
  }

  @Test(arguments: [-0.001, 1.001, .nan, .infinity])
  func `a time outside of the span is an error`(time: Double) {
    let flow = Flow(swing, over: 0...1, steps: 10, using: RungeKutta(.euler))
    let error = #expect(throws: IntegrationError.self) {
      try flow.trajectory(from: Tensor([1]), at: [0.5, time])
    }
    #expect(error?.reason == .unreachableTime)
    #expect(error?.time == time || time.isNaN)
    #expect(error?.description.contains("no state can be given at this time") == true)
  }

  @Test func `equations of second order have states at steps alone`() throws {
    let flow = Flow(pendulum, over: 0...1, steps: 4, using: Leapfrog())
    let states = try flow.trajectory(from: Tensor([1]), at: [0, 0.25, 1]).states
    #expect(states[2].values == (try flow(Tensor([1]))).values)
    let error = #expect(throws: IntegrationError.self) {
      try flow.trajectory(from: Tensor([1]), at: [0.3])
    }
    #expect(error?.reason == .unreachableTime && error?.time == 0.3)
    #expect(error?.advice.contains("those of steps where the equation is second order") == true)
  }

  @Test func `without steps there is the start alone`() throws {
    let flow = Flow(swing, over: 0...1, steps: 0, using: RungeKutta(.euler))
    #expect(try flow.trajectory(from: Tensor([2])).states.map(\.values) == [[2]])
    #expect(throws: IntegrationError.self) { try flow.trajectory(from: Tensor([2]), at: [0.5]) }
    let still = Flow(swing, over: 1...1, steps: 3, using: RungeKutta(.euler))
    #expect(try still.trajectory(from: Tensor([2])).states.map(\.values) == [[2], [2], [2], [2]])
    #expect(throws: IntegrationError.self) { try still.trajectory(from: Tensor([2]), at: [2]) }
  }
}
