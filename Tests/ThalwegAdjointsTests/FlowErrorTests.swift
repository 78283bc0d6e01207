import Testing
import Thalweg
import ThalwegTestSupport

/// What a flow says when its state stops being finite.
@Suite struct FlowErrorTests {
  private struct Tank: VectorSpace {
    var level: Tensor
    var valves: Tensor
    static let branches = Branches(\Tank.level, \.valves)
  }

  /// y' = y² by forward Euler in plain numbers: the first step that is not finite.
  private func explosion<Scalar: BinaryFloatingPoint>(
    from start: Scalar, by h: Scalar
  ) -> (step: Int, before: Scalar, after: Scalar) {
    var y = start
    for step in 1... {
      let next = y + h * (y * y)
      guard next.isFinite else { return (step, y, next) }
      y = next
    }
    return (0, 0, 0)
  }

  private let square = ODE { _, y in y * y }

  @Test func `an infinity is reported with its step, time and norm`() throws {
    let flow = Flow(square, over: 1...11, steps: 40, using: RungeKutta(.euler))
    let expected = explosion(from: 1.0, by: 0.25)
    let error = #expect(throws: IntegrationError.self) { try flow(Tensor([0, 1, 0.5])) }
    #expect(error?.reason == .nonFiniteState(component: "value[1]", value: .infinity))
    #expect(error?.step == expected.step && error?.steps == 40 && error?.stepSize == 0.25)
    #expect(error?.time == 1 + 0.25 * Double(expected.step))
    expectClose(error?.norm ?? 0, expected.before, relative: 1e-12)
    let text = "\(try #require(error))"
    #expect(text.contains("step \(expected.step) of 40, t = "))
    #expect(text.contains("component value[1] became inf; the norm before was"))
    #expect(text.contains("take more steps, or a method with a larger stability region"))
  }

  @Test func `an infinity in single precision comes earlier`() throws {
    let flow = Flow(square, over: 1...11, steps: 40, using: RungeKutta(.euler))
    let expected = explosion(from: Float(1), by: 0.25)
    let error = #expect(throws: IntegrationError.self) { try flow(Tensor([Float(0), 1])) }
    #expect(error?.reason == .nonFiniteState(component: "value[1]", value: .infinity))
    #expect(error?.step == expected.step)
    #expect(expected.step < explosion(from: 1.0, by: 0.25).step)
    expectClose(error?.norm ?? 0, Double(expected.before), relative: 1e-6)
  }

  /// The root of a negative number from t = 1 on.
  private let leak = ODE(of: Tank.self) { t, y in
    Tank(level: 0 * y.level, valves: sqrt(1 - t + 0 * y.valves))
  }

  private func expectLeak<Method: Integrator>(
    _ method: Method, component: String, step: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) where Method.Field == ODE<Tank> {
    let flow = Flow(leak, over: 0...2, steps: 16, using: method)
    let start = Tank(level: Tensor([3]), valves: .ones([2, 3]))
    let error = #expect(throws: IntegrationError.self, sourceLocation: sourceLocation) {
      try flow(start)
    }
    guard case .nonFiniteState(let name, let value)? = error?.reason else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(name == component && value.isNaN, sourceLocation: sourceLocation)
    #expect(error?.step == step, sourceLocation: sourceLocation)
    #expect(error?.time == Double(step) / 8, sourceLocation: sourceLocation)
    #expect(error?.norm.isFinite == true, sourceLocation: sourceLocation)
  }

  @Test func `the leaf of a struct is named`() {
    // Times are multiples of 1/8: the first slope after t = 1 is at 1.125, in the tenth step.
    expectLeak(RungeKutta(.euler), component: "valves[0, 0]", step: 10)
    expectLeak(RungeKutta(.heun), component: "valves[0, 0]", step: 9)
    expectLeak(ReversibleHeun(), component: "current.valves[0, 0]", step: 9)
    expectLeak(AsynchronousLeapfrog(), component: "position.valves[0, 0]", step: 9)
  }

  @Test func `a scalar has no index and phase points name their halves`() {
    let field = SeparableODE { _, p in
      p
    } force: { t, q in
      sqrt(0.5 - t) + 0 * q
    }
    let flow = Flow(field, over: 0...1, steps: 10, using: SymplecticEuler(.driftKick))
    let error = #expect(throws: IntegrationError.self) {
      try flow(PhasePoint(q: Tensor([0], shape: []), p: Tensor([0], shape: [])))
    }
    guard case .nonFiniteState("p", let value)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value.isNaN && error?.step == 6)
  }

  @Test func `a state that is not finite to begin with fails before the first step`() {
    let flow = Flow(square, over: 0...1, steps: 4, using: RungeKutta(.classic))
    let error = #expect(throws: IntegrationError.self) { try flow(Tensor([1, .nan])) }
    guard case .nonFiniteStart("value[1]", _)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.step == 0)
  }

  @Test func `errors pass through gradients and compiled functions`() {
    let start = Tensor([0, 1, 0.5])
    let flow = Flow(
      square, over: 1...11, steps: 40, using: RungeKutta(.euler),
      adjoint: CheckpointedAdjoint(budget: 3))
    let direct = #expect(throws: IntegrationError.self) { try flow(start) }
    let inGradient = #expect(throws: IntegrationError.self) {
      try valueAndGradient(at: start) { sum(try flow($0)) }
    }
    let step = compile { (y: Tensor) in sum(try flow(y)) }
    let inCompiled = #expect(throws: IntegrationError.self) { try step(start) }
    let inTrajectory = #expect(throws: IntegrationError.self) { try flow.trajectory(from: start) }
    #expect(inGradient == direct && inCompiled == direct && inTrajectory == direct)
  }

  @Test func `a flow goes on after an error`() throws {
    let flow = Flow(square, over: 1...11, steps: 40, using: RungeKutta(.euler))
    #expect(throws: IntegrationError.self) { try flow(Tensor([1])) }
    expectClose(try flow(Tensor([0])).values, [0], absolute: 0)
    #expect(try flow(Tensor([-0.01])).scalar < 0)
  }
}
