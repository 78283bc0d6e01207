import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// States at given times where the size of steps is controlled.
@Suite struct ControlledTrajectoryTests {
  private typealias Pair = TestPair<ODE<Tensor>>

  /// y' = y cos t, so that y = y₀ exp(sin t).
  private let swing = ODE(Tensor(1.0)) { t, y, w in w * y * cos(t) }
  private func exact(_ time: Double) -> Double { Foundation.exp(Foundation.sin(time)) }

  private func flow(
    _ tolerance: Double = 1e-6, from start: Double = 0, to end: Double = 3,
    _ adjoint: some Adjoint<Pair> = DirectAdjoint(), control: StepControl = StepControl()
  ) -> Flow<Pair> {
    Flow(
      swing, from: start, to: end, tolerance: .relative(tolerance, absolute: tolerance),
      using: TestPair(), adjoint: adjoint, control: control)
  }

  @Test func `states are close to the solution at any time`() throws {
    let times = (0...100).map { 0.03 * Double($0) }
    for tolerance in [1e-4, 1e-6, 1e-8] {
      let trajectory = try flow(tolerance).trajectory(from: [1], at: times)
      let errors = zip(times, trajectory.states).map { abs($1.scalar - exact($0)) }
      #expect(errors.max() ?? 1 < 20 * tolerance, "\(tolerance)")
    }
  }

  /// With steps of a fixed size the interpolant has its order, here 4 as the cubic through the ends.
  @Test(arguments: [(0.0, 3.0), (3.0, 0.0)])
  func `between steps the order is that of the interpolant`(
    start: Double, end: Double
  ) throws {
    let sizes = [0.05, 0.025, 0.0125]
    let errors = try sizes.map { size in
      let flow = Flow(
        swing, from: start, to: end, tolerance: .absolute(1e9), using: TestPair(),
        control: StepControl(firstStep: size, largestStep: size))
      let times = (0..<29).map { start + (end - start) * (Double($0) + 0.37) / 30 }
      let begin = Tensor([exact(start)])
      let states = try flow.trajectory(from: begin, at: times).states
      return zip(times, states).map { abs($1.scalar - exact($0)) }.max() ?? .nan
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      // The steps have order 3, so that this is what the states between them have.
      #expect(abs(log2(coarse / fine) - 3) < 0.3, "\(errors)")
    }
  }

  @Test func `at the ends of steps the states are those of the steps`() throws {
    let flow = flow()
    let all = try flow.trajectory(from: [1])
    #expect(all.times.first == 0 && all.times.last == 3)
    #expect(all.times.count == flow.statistics.accepted + 1)
    #expect(all.states.last?.values == (try flow([1])).values)
    #expect(all.states.first?.values == [1])
    // Asking for states does not change the steps.
    let some = try flow.trajectory(from: [1], at: [3, 0.1, 0, 2.9, 0.1])
    #expect(some.times == [3, 0.1, 0, 2.9, 0.1])
    #expect(some.states[0].values == all.states.last?.values)
    #expect(some.states[2].values == [1] && some.states[1].values == some.states[4].values)
    #expect(some.statistics.accepted == all.statistics.accepted)
    #expect(try flow.trajectory(from: [1], at: []).states.isEmpty)
  }

  @Test func `other times of the same number need no new plan`() throws {
    let flow = flow()
    let a = try flow.trajectory(from: [1], at: [0.5, 2]).states
    let b = try flow.trajectory(from: [1], at: [2.5, 0.25]).states
    expectClose(a.map(\.scalar), [exact(0.5), exact(2)], relative: 1e-5)
    expectClose(b.map(\.scalar), [exact(2.5), exact(0.25)], relative: 1e-5)
  }

  @Test func `states are differentiable`() throws {
    let adjoints: [any Adjoint<Pair>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 0), CheckpointedAdjoint(budget: 2),
    ]
    for adjoint in adjoints { try expectDerivatives(adjoint) }
  }

  private func expectDerivatives(_ adjoint: some Adjoint<Pair>) throws {
    let control = StepControl(firstStep: 0.1, largestStep: 0.1, jumps: [0.5])
    let flow = Flow(
      swing, over: 0...1, tolerance: .absolute(1e9), using: TestPair(), adjoint: adjoint,
      control: control)
    try ThalwegTestSupport.expectDerivatives(
      of: { problem in
        concatenate(
          try problem.flow.trajectory(
            from: problem.start, at: [1, 0, 0.03, 0.07, 0.5, 0.72, 0.93, 0.1]
          ).states)
      }, at: FlowProblem(flow, from: Tensor([1, -0.5])), relative: 1e-7, "\(type(of: adjoint))")
  }

  @Test func `gradients of states are the same for all adjoints`() throws {
    let times = (0...40).map { 0.075 * Double($0) }
    func gradient(_ adjoint: some Adjoint<Pair>) throws -> [[Double]] {
      try valueAndGradient(at: FlowProblem(flow(1e-6, adjoint), from: [1, 2])) { problem in
        try problem.flow.trajectory(from: problem.start, at: times).states
          .map { sum(square($0)) }.reduce(Tensor(0.0), +)
      }.gradient.leaves.map(\.values)
    }
    let direct = try gradient(DirectAdjoint())
    for budget in [0, 3, 10] {
      #expect(try gradient(CheckpointedAdjoint(budget: budget)) == direct)
    }
    // Σ 2 y² and Σ 2 y² sin t, with errors in proportion to the tolerance.
    let squares = times.map { exact($0) * exact($0) }
    let slope = 2 * squares.reduce(0, +)
    let weight = 2 * zip(squares, times).map { $0 * Foundation.sin($1) }.reduce(0, +)
    expectClose(direct.flatMap { $0 }, [5 * weight, slope, 2 * slope], relative: 1e-4)
  }

  @Test(arguments: [-0.001, 3.001, .nan, .infinity])
  func `a time outside of the span is an error`(time: Double) {
    let error = #expect(throws: IntegrationError.self) {
      try flow().trajectory(from: [1], at: [0.5, time])
    }
    #expect(error?.reason == .unreachableTime)
  }
}
