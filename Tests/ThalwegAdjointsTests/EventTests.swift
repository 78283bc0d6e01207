import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What happens in flows, and when.
@Suite struct EventTests {
  private typealias Pair<State: VectorSpace> = EmbeddedRungeKutta<ODE<State>>

  private func controlled(
    _ problem: BouncingBall, to end: Double, _ events: [Event<Ball>], maximumEvents: Int = 16
  ) -> Flow<Pair<Ball>> {
    Flow(
      problem.fall, from: 0, to: end, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      events: events, maximumEvents: maximumEvents)
  }

  private func equal(
    _ problem: BouncingBall, to end: Double, steps: Int, _ events: [Event<Ball>]
  ) -> Flow<RungeKutta<ODE<Ball>>> {
    Flow(
      problem.fall, from: 0, to: end, steps: steps, using: RungeKutta(.classic), events: events)
  }

  @Test func `a ball lands`() throws {
    let problem = BouncingBall()
    let flow = controlled(problem, to: 10, [BouncingBall.ground])
    let landing = try flow.landing(from: problem.start)
    let time = problem.time(of: 0).scalar
    expectClose(landing.time.scalar, time, relative: 1e-14)
    expectClose(landing.state.height.scalar, 0, absolute: 1e-14)
    let speed = problem.speed(after: 0).scalar / problem.restitution.scalar
    expectClose(landing.state.velocity.scalar, -speed, relative: 1e-14)
    #expect(landing.count.scalar == 1)
    #expect(landing.occurrences.map(\.eventNames) == [["ground"]])
    #expect(landing.occurrences[0].time.values == landing.time.values)
    #expect(flow.statistics.events == 1)
    let end = try flow(problem.start)
    #expect(end.velocity.values == landing.state.velocity.values)

    for steps in [1, 7, 100] {
      let flow = equal(problem, to: 10, steps: steps, [BouncingBall.ground])
      let landing = try flow.landing(from: problem.start)
      expectClose(landing.time.scalar, time, relative: 1e-14, "\(steps) steps")
      expectClose(landing.state.velocity.scalar, -speed, relative: 1e-13, "\(steps) steps")
    }
  }

  @Test func `a ball bounces`() throws {
    let problem = BouncingBall()
    func check<Method>(_ flow: Flow<Method>) throws where Method.Field.State == Ball {
      let landing = try flow.landing(from: problem.start)
      #expect(landing.occurrences.count == 5 && flow.statistics.events == 5)
      for (index, occurrence) in landing.occurrences.enumerated() {
        expectClose(occurrence.time.scalar, problem.time(of: index).scalar, relative: 1e-13)
        let speed = problem.speed(after: index).scalar
        expectClose(occurrence.after.velocity.scalar, speed, relative: 1e-12)
        expectClose(occurrence.before.velocity.scalar, -speed / 0.8, relative: 1e-12)
        expectClose(occurrence.before.height.scalar, 0, absolute: 1e-13)
      }
      let end = problem.ball(at: 3.8, after: 4)
      expectClose(landing.time.scalar, 3.8, relative: 0)
      // One step over the whole span adds numbers a hundred times as large.
      expectClose(landing.state.height.scalar, end.height.scalar, absolute: 1e-11)
      expectClose(landing.state.velocity.scalar, end.velocity.scalar, absolute: 1e-11)
      #expect(try flow(problem.start).height.values == landing.state.height.values)
    }
    try check(controlled(problem, to: 3.8, [problem.bounce]))
    for steps in [1, 3, 50] { try check(equal(problem, to: 3.8, steps: steps, [problem.bounce])) }
    let separable = SeparableODE(problem.gravity) { t, p, g in
      p
    } force: { t, q, g in
      -g + 0 * q
    }
    let bounce = Event<PhasePoint>("bounce", .falling) { t, y in y.q }
      .apply { t, y in PhasePoint(q: y.q, p: -0.8 * y.p) }
    let flow = Flow(separable, from: 0, to: 3.8, steps: 50, using: Verlet(), events: [bounce])
    let start = PhasePoint(q: problem.start.height, p: problem.start.velocity)
    let landing = try flow.landing(from: start)
    expectClose(
      landing.occurrences.map(\.time.scalar), (0..<5).map { problem.time(of: $0).scalar },
      relative: 1e-13)
  }

  @Test func `a flow that nothing happens in goes to its end as without events`() throws {
    let spring = ODE { t, y in stack([y[1], -y[0]]) }
    let never = Event<Tensor>("never", .either) { t, y in y[0] + 3 }
    let start = Tensor([1, 0])
    let plain = Flow(
      spring, from: 0, to: 20, tolerance: 1e-7, using: EmbeddedRungeKutta(.dormandPrince5))
    let end = try plain(start)
    for flow in [
      plain.with(events: [never]),
      plain.with(events: [never.apply { t, y in 2 * y }], maximumEvents: 3),
    ] {
      let landing = try flow.landing(from: start)
      #expect(landing.state.values == end.values)
      #expect(landing.time.scalar == 20 && landing.count.scalar == 0)
      #expect(landing.occurrences.isEmpty && flow.statistics.events == 0)
      #expect(flow.statistics.accepted == plain.statistics.accepted)
    }
    let equal = Flow(spring, from: 0, to: 20, steps: 90, using: RungeKutta(.classic))
    let watched = equal.with(events: [never])
    #expect(try watched(start).values == equal(start).values)
    #expect(watched.statistics.steps == 90)
  }

  @Test func `the way through zero matters, forwards and backwards`() throws {
    let spring = ODE { t, y in stack([y[1], -y[0]]) }
    func times(_ direction: EventDirection, from start: Double, to end: Double) throws -> [Double] {
      let event = Event<Tensor>("zero", direction, isTerminal: false) { t, y in y[0] }
      let flow = Flow(
        spring, from: start, to: end, tolerance: 1e-11, using: EmbeddedRungeKutta(.verner6),
        events: [event])
      return try flow.landing(from: Tensor([cos(start), -sin(start)])).occurrences
        .map(\.time.scalar)
    }
    func expect(_ found: [Double], _ quarters: [Double]) {
      expectClose(found, quarters.map { $0 * .pi / 2 }, relative: 1e-9)
    }
    try expect(times(.either, from: 0, to: 9), [1, 3, 5])
    try expect(times(.rising, from: 0, to: 9), [3])
    try expect(times(.falling, from: 0, to: 9), [1, 5])
    // In the order of the flow a cosine at 3π/2 falls, if time runs backwards.
    try expect(times(.either, from: 9, to: 0), [5, 3, 1])
    try expect(times(.falling, from: 9, to: 0), [3])
    try expect(times(.rising, from: 9, to: 0), [5, 1])
  }

  @Test func `nothing happens where a flow begins`() throws {
    let spring = ODE { t, y in stack([y[1], -y[0]]) }
    for direction in [EventDirection.rising, .falling, .either] {
      for sign in [1.0, -1] {
        let event = Event<Tensor>("zero", direction) { t, y in y[0] }
        let flow = Flow(
          spring, from: 0, to: 8, tolerance: 1e-10, using: EmbeddedRungeKutta(.tsitouras5),
          events: [event])
        let time = try flow.landing(from: Tensor([0, sign])).time.scalar
        let isFirst = direction == .either || (direction == .falling) == (sign > 0)
        expectClose(time, isFirst ? .pi : 2 * .pi, relative: 1e-9, "\(direction) \(sign)")
      }
    }
    // At rest where the condition is zero.
    let rest = Flow(
      ODE { t, y in 0 * y }, from: 0, to: 1, steps: 5, using: RungeKutta(.classic),
      events: [Event("zero", .either) { t, y in y }])
    #expect(try rest.landing(from: Tensor([0], shape: [])).occurrences.isEmpty)
  }

  @Test func `several events, which one, and two at once`() throws {
    let clock = ODE { t, y in 1 + 0 * y }
    func event(_ time: Double, isTerminal: Bool) -> Event<Tensor> {
      Event("\(time)", .rising, isTerminal: isTerminal) { t, y in y - time }
    }
    let flow = Flow(
      clock, from: 0, to: 4, tolerance: 1e-8, using: EmbeddedRungeKutta(.bogackiShampine3),
      events: [
        event(3.25, isTerminal: true), event(1.5, isTerminal: false),
        Event("time", .rising, isTerminal: false) { t, y in t - 1.5 },
        event(0.5, isTerminal: false),
      ])
    let landing = try flow.landing(from: Tensor([0], shape: []))
    #expect(landing.occurrences.map(\.events) == [[3], [1, 2], [0]])
    #expect(landing.occurrences[1].eventNames == ["1.5", "time"])
    expectClose(landing.occurrences.map(\.time.scalar), [0.5, 1.5, 3.25], relative: 1e-15)
    expectClose(landing.time.scalar, 3.25, relative: 1e-15)
    expectClose(landing.state.scalar, 3.25, relative: 1e-15)
  }

  @Test func `changes of several events follow one another`() throws {
    let clock = ODE { t, y in 1 + 0 * y }
    let double = Event<Tensor>("double", .rising) { t, y in t - 1 }.apply { t, y in 2 * y }
    let add = Event<Tensor>("add", .rising) { t, y in t - 1 }.apply { t, y in y + t }
    let flow = Flow(
      clock, from: 0, to: 2, steps: 3, using: RungeKutta(.euler), events: [double, add])
    expectClose(try flow(Tensor([0], shape: [])).scalar, 2 * 1 + 1 + 1)
  }

  @Test func `two zeros within a step are seen between its ends`() throws {
    // The condition is negative for a tenth of the only step.
    let line = ODE { t, y in 1 + 0 * y }
    let dip = Event<Tensor>("dip", .either, isTerminal: false) { t, y in abs(y - 0.5) - 0.05 }
    let plain = Flow(line, from: 0, to: 1, steps: 1, using: RungeKutta(.classic), events: [dip])
    let landing = try plain.landing(from: Tensor([0], shape: []))
    expectClose(landing.occurrences.map(\.time.scalar), [0.45, 0.55], relative: 1e-14)
    let embedded = Flow(
      line, from: 0, to: 1, tolerance: 1e-3, using: EmbeddedRungeKutta(.dormandPrince5),
      control: StepControl(firstStep: 1), events: [dip])
    let other = try embedded.landing(from: Tensor([0], shape: []))
    expectClose(other.occurrences.map(\.time.scalar), [0.45, 0.55], relative: 1e-14)
  }
}
