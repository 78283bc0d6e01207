import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What a flow says when no step is short enough.
@Suite struct ControlledErrorTests {
  private struct Tank: VectorSpace {
    var level: Tensor
    var valves: Tensor
    static let branches = Branches(\Tank.level, \.valves)
  }

  private func failure<Method: EmbeddedIntegrator>(
    of flow: Flow<Method>, from start: Method.Field.State
  ) throws -> IntegrationError {
    try #require(
      #expect(throws: IntegrationError.self) { try flow(start) })
  }

  @Test func `a tolerance below rounding cannot be reached`() throws {
    let field = ODE { t, y in cos(40 * t) * y }
    let flow = Flow(
      field, over: 1...2, tolerance: .absolute(1e-30), using: TestPair())
    let error = try failure(of: flow, from: [1e3])
    guard case .stepUnderflow(let size) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(size > 1 && error.step > 0 && error.steps == 0 && error.stepSize > 0)
    #expect("\(error)".contains("times the tolerance"))
    #expect(error.advice.contains("raise the tolerance"))
    #expect(error.norm > 500 && error.norm < 2000)
  }

  @Test func `dynamics that end are reported where they end`() throws {
    let field = ODE(of: Tank.self) { t, y in
      Tank(level: 0 * y.level, valves: sqrt(1 - t + 0 * y.valves))
    }
    let flow = Flow(field, over: 0...2, tolerance: 1e-6, using: TestPair())
    let error = try failure(of: flow, from: Tank(level: [3], valves: .ones([2, 3])))
    guard case .nonFiniteState(let component, let value) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(component == "state.valves[0, 0]" || component == "slope.valves[0, 0]")
    #expect(value.isNaN && error.step > 1)
    expectClose(error.time, 1, relative: 1e-9)
    #expect(error.advice.contains("Shorter steps did not help"))
  }

  @Test func `a state that is not finite to begin with`() throws {
    let flow = Flow(ODE { t, y in -y }, over: 0...2, tolerance: 1e-6, using: TestPair())
    let error = try failure(of: flow, from: Tensor([1, .nan]))
    guard case .nonFiniteStart("value[1]", let value) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(value.isNaN && error.step == 0 && error.time == 0)
    #expect("\(error)".contains(": the initial state is not finite: value[1] is nan. "))
  }

  @Test func `a tolerance may be a whole number`() async throws {
    let coarse = Flow(ODE { t, y in -y }, over: 0...2, tolerance: 1, using: TestPair())
    #expect(coarse.tolerance?.relative == 1 && coarse.tolerance?.absolute.map(\.scalar) == [1])
    let none = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Flow(ODE { t, y in -y }, over: 0...2, tolerance: 0, using: TestPair()) }
    let message = String(decoding: none?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("tolerance: [0.0] absolute beside 0.0 relative is no tolerance"))
  }

  @Test func `a solution that ends is not passed`() throws {
    let flow = Flow(
      ODE { t, y in y * y }, over: 0...2, tolerance: 1e-8, using: TestPair())
    let error = try failure(of: flow, from: [1])
    expectClose(error.time, 1, relative: 1e-4)
    #expect(error.norm > 1e6 && error.step > 20)
    let before = Flow(
      ODE { t, y in y * y }, over: 0...0.99, tolerance: 1e-8, using: TestPair())
    expectClose(try before([1]).scalar, 100, relative: 1e-4)
  }

  @Test func `a number of steps is enough or not`() throws {
    let field = ODE { t, y in cos(t) + 0 * y }
    func flow(_ limit: Int) -> Flow<TestPair<ODE<Tensor>>> {
      Flow(
        field, over: 0...100, tolerance: 1e-6, using: TestPair(),
        control: StepControl(maximumSteps: limit))
    }
    let generous = flow(100_000)
    _ = try generous([0])
    let needed = generous.statistics.accepted + generous.statistics.rejected
    _ = try flow(needed)([0])
    let error = try failure(of: flow(needed - 1), from: [0])
    #expect(error.reason == .tooManySteps(limit: needed - 1))
    #expect(error.time < 100 && error.time > 90 && error.step <= needed - 1)
    #expect("\(error)".contains("\(needed - 1) steps did not lead to the end"))
    // What was done until then is known.
    let failing = flow(20)
    #expect(throws: IntegrationError.self) { try failing([0]) }
    #expect(failing.statistics.accepted + failing.statistics.rejected == 20)
  }

  @Test func `a smallest step that is given`() throws {
    let flow = Flow(
      ODE { t, y in cos(50 * t) + 0 * y }, over: 0...1, tolerance: 1e-10, using: TestPair(),
      control: StepControl(firstStep: 0.1, smallestStep: 0.01))
    let error = try failure(of: flow, from: [0])
    guard case .stepUnderflow = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(error.stepSize < 0.01 && error.time == 0 && error.step == 1)
  }

  @Test func `errors pass through gradients, trajectories and compiled functions`() throws {
    let flow = Flow(
      ODE { t, y in y * y }, over: 0...2, tolerance: 1e-6, using: TestPair(),
      adjoint: CheckpointedAdjoint(budget: 3))
    let start = Tensor([1])
    let direct = #expect(throws: IntegrationError.self) { try flow(start) }
    let inGradient = #expect(throws: IntegrationError.self) {
      try valueAndGradient(at: start) { sum(try flow($0)) }
    }
    let step = compile { (y: Tensor) in sum(try flow(y)) }
    let inCompiled = #expect(throws: IntegrationError.self) { try step(start) }
    let inTrajectory = #expect(throws: IntegrationError.self) {
      try flow.trajectory(from: start, at: [0.5])
    }
    let inGrid = #expect(throws: IntegrationError.self) { try flow.trajectory(from: start) }
    #expect(inGradient == direct && inCompiled == direct && inTrajectory == direct)
    #expect(inGrid == direct)
    expectClose(try flow([0.25]).scalar, 0.5, relative: 1e-4)
  }

  @Test func `an adjoint that needs fixed steps is refused`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Flow(
        ODE { t, y in -y }, over: 0...1, tolerance: 1e-6, using: UndonePair(),
        adjoint: ReversibleAdjoint())
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("needs a fixed number of steps; use CheckpointedAdjoint"))
  }
}

/// A pair whose steps can be undone, if badly.
private struct UndonePair: EmbeddedIntegrator, ReversibleIntegrator {
  typealias Field = ODE<Tensor>
  let order = 1
  let errorOrder = 2

  func attempt(
    _ f: Field, at t: Tensor, from y: Tensor, by h: Tensor
  ) -> StepAttempt<Tensor, Tensor, [Tensor]> {
    StepAttempt(next: y + h * f(t, y), error: h * h * y, dense: [])
  }

  func interpolate(
    _ dense: [Tensor], from y: Tensor, to next: Tensor, at part: Tensor, by h: Tensor
  ) -> Tensor { y }

  func unstep(_ f: Field, at t: Tensor, from y: Tensor, by h: Tensor) -> Tensor { y }
}
