import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What a flow says where events cannot be found.
@Suite struct EventErrorTests {
  private let clock = ODE { t, y in 1 + 0 * y }
  private let zero = Tensor([0], shape: [])

  private func failure<Method>(
    of flow: Flow<Method>, from start: Method.Field.State
  ) throws -> IntegrationError {
    try #require(#expect(throws: IntegrationError.self) { try flow.landing(from: start) })
  }

  @Test func `a condition that is not finite`() throws {
    let event = Event<Tensor>("logarithm", .falling) { t, y in log(0.62 - y) + 5 }
    let equal = Flow(
      clock, from: 0, to: 1, steps: 10, using: RungeKutta(.classic), events: [event])
    let error = try failure(of: equal, from: zero)
    guard case .nonFiniteCondition(let name, let value) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(name == "logarithm" && value.isNaN && error.step == 7 && error.steps == 10)
    expectClose(error.time, 0.6)
    #expect("\(error)".contains("the condition of 'logarithm' became"))
    // Steps whose size is controlled become shorter before the number ends.
    let controlled = Flow(
      clock, from: 0, to: 1, tolerance: 1e-6, using: EmbeddedRungeKutta(.tsitouras5),
      events: [event])
    expectClose(try controlled.landing(from: zero).time.scalar, 0.62 - exp(-5), relative: 1e-12)
    let never = Event<Tensor>("logarithm", .falling) { t, y in log(0.62 - y) + 500 }
    let hopeless = controlled.with(events: [never])
    guard case .nonFiniteCondition = try failure(of: hopeless, from: zero).reason else {
      Issue.record("no end")
      return
    }
  }

  @Test func `more events than there may be`() throws {
    let problem = BouncingBall()
    let flow = Flow(
      problem.fall, from: 0, to: 3.8, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      events: [problem.bounce], maximumEvents: 4)
    let error = try failure(of: flow, from: problem.start)
    #expect(error.reason == .tooManyEvents(event: "ground", limit: 4))
    #expect(error.advice.contains("maximumEvents"))
    expectClose(error.time, problem.time(of: 3).scalar, relative: 0.2)
    let enough = flow.with(events: flow.events, maximumEvents: 5)
    #expect(try enough.landing(from: problem.start).occurrences.count == 5)
  }

  @Test func `bounces that accumulate`() throws {
    let problem = BouncingBall(restitution: 0.25)
    let speed = problem.speed(after: 0).scalar / 0.25
    // The sum of all bounces.
    let end = (2 + speed) / 9.81 + 2 * speed / 9.81 * 0.25 / 0.75
    let flow = Flow(
      problem.fall, from: 0, to: 10, tolerance: 1e-9, using: EmbeddedRungeKutta(.tsitouras5),
      events: [problem.bounce], maximumEvents: 200)
    let error = try failure(of: flow, from: problem.start)
    #expect(error.reason == .accumulatingEvents(event: "ground"), "\(error)")
    expectClose(error.time, end, relative: 1e-12)
    #expect(error.advice.contains("accumulate"))
  }

  @Test func `an event that only touches zero has no derivative`() throws {
    let event = Event<Tensor>("cube", .rising) { t, y in (y - 0.5) * square(y - 0.5) }
    let flow = Flow(
      clock, from: 0, to: 1, steps: 4, using: RungeKutta(.classic), events: [event])
    expectClose(try flow.landing(from: zero).time.scalar, 0.5)
    let error = try #require(
      #expect(throws: IntegrationError.self) {
        try valueAndGradient(at: zero) { try flow.landing(from: $0).time }
      })
    #expect(error.reason == .tangentialEvent)
  }

  @Test func `adjoints that need equal steps are refused`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let field = SeparableODE { t, p in
        p
      } force: { t, q in
        -q
      }
      let event = Event<PhasePoint>("zero", .either) { t, y in y.q }
      _ = Flow(
        field, from: 0, to: 1, steps: 4, using: Verlet(), adjoint: ReversibleAdjoint(),
        events: [event])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("cannot go back over events; use CheckpointedAdjoint"))
  }

  @Test func `methods of several steps are refused`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let event = Event<Tensor>("zero", .either) { t, y in y }
      _ = Flow(
        ODE { t, y in -y }, from: 0, to: 1, steps: 4, using: LeapfrogMidpoint(), events: [event])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("events need steps that begin with one state"))
  }

  @Test func `a condition is one number`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let event = Event<Tensor>("all", .either) { t, y in y }
      let flow = Flow(
        ODE { t, y in -y }, from: 0, to: 1, steps: 4, using: RungeKutta(.euler), events: [event])
      _ = try flow(Tensor([1, 2]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("event all: a condition of shape [2] is not one number"))
  }
}
