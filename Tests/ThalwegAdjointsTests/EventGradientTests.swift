import Testing
import Thalweg
import ThalwegTestSupport

/// Derivatives of the times of events and of what follows.
@Suite struct EventGradientTests {
  /// Times and speeds of bounces, and the ball at the end, in one tensor.
  private func bounces<Method>(
    _ problem: BouncingBall, _ count: Int, _ flow: (BouncingBall) -> Flow<Method>
  ) throws -> Tensor where Method.Field.State == Ball {
    let landing = try flow(problem).landing(from: problem.start)
    let occurrences = landing.occurrences.prefix(count)
    return stack(
      occurrences.map(\.time) + occurrences.map(\.after.velocity)
        + [landing.state.height, landing.state.velocity])
  }

  private func expected(_ problem: BouncingBall, _ count: Int, at end: Double) -> Tensor {
    let ball = problem.ball(at: end, after: count - 1)
    return stack(
      (0..<count).map { problem.time(of: $0) } + (0..<count).map { problem.speed(after: $0) }
        + [ball.height, ball.velocity])
  }

  /// Compares the gradients of sums of the numbers with those of the closed form.
  private func compare(
    _ count: Int, at end: Double, relative: Double = 1e-11, _ comment: Comment,
    _ found: @escaping @Sendable (BouncingBall) throws -> Tensor
  ) throws {
    let problem = BouncingBall()
    let value = try found(problem)
    expectClose(value, expected(problem, count, at: end), relative: relative, comment)
    let gradient = compile { (problem: BouncingBall, w: Tensor) in
      try valueAndGradient(at: problem) { sum(w * (try found($0))) }.gradient
    }
    let wanted = compile { (problem: BouncingBall, w: Tensor) in
      try valueAndGradient(at: problem) { sum(w * expected($0, count, at: end)) }.gradient
    }
    for index in 0..<value.count {
      let weights = Tensor((0..<value.count).map { $0 == index ? 1.0 : 0 })
      expectClose(
        try gradient(problem, weights).leaves.map(\.scalar),
        try wanted(problem, weights).leaves.map(\.scalar), relative: relative,
        "\(comment), number \(index)")
    }
  }

  private func controlled(
    _ problem: BouncingBall,
    _ adjoint: some Adjoint<EmbeddedRungeKutta<ODE<Ball>>> = DirectAdjoint()
  ) -> Flow<EmbeddedRungeKutta<ODE<Ball>>> {
    Flow(
      problem.fall, from: 0, to: 3.8, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      adjoint: adjoint, events: [problem.bounce], maximumEvents: 6)
  }

  @Test func `bounces of controlled steps have the gradients of the closed form`() throws {
    try compare(5, at: 3.8, "direct") { try bounces($0, 5) { controlled($0) } }
    for budget in [0, 2, 9] {
      try compare(5, at: 3.8, "\(budget) checkpoints") {
        try bounces($0, 5) { controlled($0, CheckpointedAdjoint(budget: budget)) }
      }
    }
  }

  @Test func `bounces of equal steps have the gradients of the closed form`() throws {
    for steps in [1, 2, 40] {
      try compare(5, at: 3.8, "\(steps) steps") { problem in
        try bounces(problem, 5) {
          Flow(
            $0.fall, from: 0, to: 3.8, steps: steps, using: RungeKutta(.classic),
            events: [$0.bounce], maximumEvents: 6)
        }
      }
    }
  }

  @Test func `bounces backwards in time`() throws {
    // The same motion with the sign of time and velocity changed.
    try compare(5, at: 3.8, "backwards") { problem in
      let flow = Flow(
        problem.fall, from: 0, to: -3.8, tolerance: 1e-9,
        using: EmbeddedRungeKutta(.dormandPrince5), events: [problem.bounce], maximumEvents: 6)
      let start = Ball(height: problem.start.height, velocity: -problem.start.velocity)
      let landing = try flow.landing(from: start)
      let occurrences = landing.occurrences.prefix(5)
      return stack(
        occurrences.map { -$0.time } + occurrences.map { -$0.after.velocity }
          + [landing.state.height, -landing.state.velocity])
    }
  }

  @Test func `a landing has the gradient of the closed form`() throws {
    let problem = BouncingBall()
    func landing(_ problem: BouncingBall) throws -> Tensor {
      let flow = Flow(
        problem.fall, from: 0, to: 3.8, tolerance: 1e-9,
        using: EmbeddedRungeKutta(.tsitouras5), events: [BouncingBall.ground])
      let landing = try flow.landing(from: problem.start)
      return stack([landing.time, landing.state.velocity])
    }
    for index in 0..<2 {
      let gradient = try valueAndGradient(at: problem) { try landing($0)[index] }.gradient
      let wanted = try valueAndGradient(at: problem) { problem in
        stack([problem.time(of: 0), -problem.speed(after: 0) / problem.restitution])[index]
      }.gradient
      expectClose(
        gradient.leaves.map(\.scalar), wanted.leaves.map(\.scalar), relative: 1e-12)
    }
  }

  /// A pendulum with a wall, whose place is trained; with equal steps all is smooth.
  private struct Wall: TensorTree {
    var start = Tensor([1.2, 0.3])
    var strength = Tensor([2.0], shape: [])
    var place = Tensor([-0.4], shape: [])
    var bounce = Tensor([0.7], shape: [])
    static let branches = Branches(\Wall.start, \.strength, \.place, \.bounce)
  }

  private func landing(
    _ wall: Wall, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>
  ) throws -> Landing<Tensor> {
    let pendulum = ODE(wall.strength) { t, y, w in
      stack([y[1], -w * sin(y[0]) + 0.3 * cos(2 * t)])
    }
    let hit = Event<Tensor>("wall", .falling, wall.place) { t, y, place in
      y[0] - place + 0.1 * sin(3 * t)
    }.apply(wall.bounce) { t, y, e in stack([y[0], -e * y[1] + 0.2 * t]) }
    let flow = Flow(
      pendulum, from: 0, to: 8, steps: 37, using: RungeKutta(.classic), adjoint: adjoint,
      events: [hit], maximumEvents: 5)
    return try flow.landing(from: wall.start)
  }

  private func hits(
    _ wall: Wall, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>
  ) throws -> Tensor {
    let landing = try landing(wall, adjoint)
    let occurrences = landing.occurrences.prefix(2)
    return concatenate([landing.state, stack(occurrences.map(\.time))] + occurrences.map(\.after))
  }

  @Test func `derivatives of all orders belong together`() throws {
    let adjoints: [any Adjoint<RungeKutta<ODE<Tensor>>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 2),
    ]
    for adjoint in adjoints { try expectHits(adjoint) }
  }

  private func expectHits(_ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>) throws {
    let value = try hits(Wall(), adjoint)
    // The wall is hit at least twice: the second time is no end of the span.
    #expect(value.count == 8 && value.values[3] < 8)
    try expectDerivatives(of: { try hits($0, adjoint) }, at: Wall(), step: 2e-4, relative: 1e-6)
  }

  @Test func `both adjoints give the same bits, cold or warm`() throws {
    func gradient(_ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>) throws -> [[Double]] {
      try valueAndGradient(at: Wall()) { sum(square(try hits($0, adjoint))) }.gradient.leaves
        .map(\.values)
    }
    let direct = try gradient(DirectAdjoint())
    #expect(try gradient(DirectAdjoint()) == direct)
    #expect(try gradient(CheckpointedAdjoint(budget: 3)) == direct)
    let compiled = compile { (wall: Wall) in
      try valueAndGradient(at: wall) { sum(square(try hits($0, DirectAdjoint()))) }.gradient
    }
    for _ in 0..<3 { #expect(try compiled(Wall()).leaves.map(\.values) == direct) }
  }
}
