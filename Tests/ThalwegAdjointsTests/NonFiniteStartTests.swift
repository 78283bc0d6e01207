import Testing
import Thalweg

/// What a flow says of a state or of parameters that are not finite to begin with.
@Suite struct NonFiniteStartTests {
  private let damped = ODE(Tensor(0.2)) { t, y, k in [y[1], -sin(y[0]) - k * y[1]] }

  private func expectStart(
    _ flow: Flow<some Integrator<ODE<Tensor>>>, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for start: Tensor in [[.init(Double.nan), 0], [.init(-Double.nan), .init(Double.nan)]] {
      let error = try #require(
        #expect(throws: IntegrationError.self, sourceLocation: sourceLocation) { try flow(start) })
      guard case .nonFiniteStart("value[0]", let value) = error.reason else {
        Issue.record("\(error)", sourceLocation: sourceLocation)
        continue
      }
      #expect(value.isNaN && error.step == 0 && error.time == 0, sourceLocation: sourceLocation)
      let text = "\(error)"
      #expect(
        text.contains("the initial state is not finite: value[0] is nan. Give a state"),
        "\(text)", sourceLocation: sourceLocation)
      #expect(!text.contains("-nan"), "\(text)", sourceLocation: sourceLocation)
    }
  }

  @Test func `a state that is not finite is said to be so`() throws {
    try expectStart(Flow(damped, over: 0...2, steps: 20, using: RungeKutta(.classic)))
    try expectStart(Flow(damped, over: 0...2, steps: 20, using: ReversibleHeun()))
    try expectStart(Flow(damped, over: 0...2, steps: 20, using: BackwardEuler()))
    let method = EmbeddedRungeKutta<ODE<Tensor>>(.tsitouras5)
    try expectStart(Flow(damped, over: 0...2, tolerance: 1e-8, using: method))
  }

  @Test func `so is an infinite one`() throws {
    let flow = Flow(damped, over: 0...2, steps: 20, using: RungeKutta(.classic))
    let error = #expect(throws: IntegrationError.self) {
      try flow.trajectory(from: [0, .init(-Double.infinity)], at: [0, 1])
    }
    #expect(error?.reason == .nonFiniteStart(component: "value[1]", value: -.infinity))
  }

  @Test func `a parameter that is not finite is named`() throws {
    let broken = damped.mapLeaves { _ in Tensor(Double.nan) }
    let flow = Flow(broken, over: 0...2, steps: 20, using: RungeKutta(.classic))
    let error = try #require(#expect(throws: IntegrationError.self) { try flow([2, 0]) })
    guard case .nonFiniteParameter("stages.0.stored.0", let value) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(value.isNaN && error.step == 0)
    #expect("\(error)".contains("the parameter stages.0.stored.0 is nan. "))
    #expect(error.advice.contains("lower the learning rate"))
  }

  @Test func `where the flow is part of a traced function its beginning is named`() throws {
    let flow = Flow(damped, over: 0...2, steps: 20, using: RungeKutta(.classic))
    let error = try #require(
      #expect(throws: IntegrationError.self) {
        try valueAndGradient(at: flow) { sum(try $0([.init(-Double.nan), 0])) }
      })
    #expect(error.step == 1 && !error.norm.isFinite)
    let text = "\(error)"
    #expect(text.contains(" is nan, and what the step began with was not finite"), "\(text)")
    #expect(error.advice.contains("Look at the initial state"))
  }

  @Test func `the norm of what is not finite is not finite`() throws {
    let wave = compile { (y: Tensor) in
      try Flow(ODE { t, y in -y }, over: 0...1, steps: 4, using: RungeKutta(.euler))(y)
    }
    for start in [[.nan], [1, .nan], [.nan, 1], [-.nan, .infinity]] as [[Double]] {
      let error = #expect(throws: IntegrationError.self) { try wave(Tensor(start)) }
      #expect(error?.norm.isNaN == true, "\(start)")
    }
    let error = #expect(throws: IntegrationError.self) { try wave(Tensor([1, -.infinity])) }
    #expect(error?.norm == .infinity)
  }
}
