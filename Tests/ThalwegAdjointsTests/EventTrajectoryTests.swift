import Testing
import Thalweg
import ThalwegTestSupport

/// The states at given times of flows with events.
@Suite struct EventTrajectoryTests {
  private let times = [3.8, 0, 0.3, 0.9, 1.9, 2.2, 2.6, 3.1, 3.3, 3.7]

  /// How many bounces lie before a time.
  private func bounces(_ problem: BouncingBall, before time: Double) -> Int {
    (0..<5).count { problem.time(of: $0).scalar <= time }
  }

  private func expected(_ problem: BouncingBall, at time: Double) -> Ball {
    let count = bounces(BouncingBall(), before: time)
    guard count == 0 else { return problem.ball(at: time, after: count - 1) }
    let (start, g) = (problem.start, problem.gravity)
    return Ball(
      height: start.height + time * start.velocity - 0.5 * time * time * g,
      velocity: start.velocity - time * g)
  }

  private func controlled(_ problem: BouncingBall) -> Flow<EmbeddedRungeKutta<ODE<Ball>>> {
    Flow(
      problem.fall, from: 0, to: 3.8, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      events: [problem.bounce], maximumEvents: 6)
  }

  private func equal(_ problem: BouncingBall, steps: Int) -> Flow<RungeKutta<ODE<Ball>>> {
    Flow(
      problem.fall, from: 0, to: 3.8, steps: steps, using: RungeKutta(.classic),
      events: [problem.bounce], maximumEvents: 6)
  }

  private func check<Method>(
    _ comment: Comment, _ flow: @escaping @Sendable (BouncingBall) -> Flow<Method>
  ) throws where Method.Field.State == Ball {
    let problem = BouncingBall()
    let times = times
    let states = try flow(problem).trajectory(from: problem.start, at: times).states
    for (time, state) in zip(times, states) {
      let wanted = expected(problem, at: time)
      expectClose(
        state.leaves.map(\.scalar), wanted.leaves.map(\.scalar), relative: 1e-11, comment)
    }
    let weights = Tensor((0..<20).map { 1 + 0.37 * Double($0 * $0 % 11) })
    func total(_ states: [Ball]) -> Tensor {
      sum(weights * stack(states.flatMap { [$0.height, $0.velocity] }))
    }
    let gradient = try valueAndGradient(at: problem) { problem in
      total(try flow(problem).trajectory(from: problem.start, at: times).states)
    }.gradient
    let wanted = try valueAndGradient(at: problem) { problem in
      total(times.map { expected(problem, at: $0) })
    }.gradient
    expectClose(
      gradient.leaves.map(\.scalar), wanted.leaves.map(\.scalar), relative: 1e-10, comment)
    let (_, rate) = try jvp(at: problem, along: gradient) { problem in
      total(try flow(problem).trajectory(from: problem.start, at: times).states)
    }
    let square = gradient.leaves.map { $0.scalar * $0.scalar }.reduce(0, +)
    expectClose(rate.scalar, square, relative: 1e-11, comment)
  }

  @Test func `states between bounces and their gradients`() throws {
    try check("controlled") { [self] in controlled($0) }
    for steps in [1, 4, 30] { try check("\(steps) steps") { [self] in equal($0, steps: steps) } }
  }

  @Test func `behind a terminal event the flow rests`() throws {
    let problem = BouncingBall()
    let flow = controlled(problem).with(events: [BouncingBall.ground])
    let landing = try flow.landing(from: problem.start)
    let states = try flow.trajectory(from: problem.start, at: [2, 0.5, 3.8]).states
    #expect(states[0].velocity.values == landing.state.velocity.values)
    #expect(states[2].height.values == landing.state.height.values)
    expectClose(states[1].height.scalar, 1.5 + 1 - 0.5 * 9.81 * 0.25)
  }
}
