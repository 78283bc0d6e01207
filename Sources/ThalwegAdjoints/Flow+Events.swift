public import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// The flow with events: what happens where conditions on time and state pass zero.
  ///
  ///     let flow = Flow(fall, from: 0, to: 10, steps: 100, using: method).with(events: [ground])
  ///
  /// After each step, and at three times within it where the method or the slopes say what the state
  /// is there, conditions are compared with what they were before. Where one has passed zero, the
  /// step is taken again with lengths between which the zero is enclosed until it is known to
  /// rounding. Two zeros between neighbouring times of these are not seen: the largest step should be
  /// shorter than what must not be missed.
  ///
  /// - Errors: traps where there are no events, where the adjoint cannot go back over steps of
  ///   different sizes, where each sample has steps of its own, where each step has a field of its
  ///   own, and where a method's step begins with more than one state, as that of two-step methods
  ///   does.
  public func with(events: [Event<State>], maximumEvents: Int = 16) -> Flow {
    let flow = Flow(
      stages, isStaged: isStaged, (start, end), steps: steps, method, adjoint, adaptation,
      events: events, maximumEvents: maximumEvents)
    flow.validateEvents()
    return flow
  }

  /// Stops the program where events cannot be found or gone back over.
  private func validateEvents() {
    require(!events.isEmpty, "flow: there are no events")
    require(maximumEvents > 0, "flow: at most \(maximumEvents) events are none")
    require(!isStaged, "flow: events need one field for all steps")
    require(steps > 0 || adaptation != nil, "flow: events need steps")
    require(
      !(method is any MultistepIntegrator), "flow: events need steps that begin with one state")
    require(
      adaptation?.control.samples != .independent,
      "flow: events need steps that all samples share")
    require(
      strategy.recording != nil && strategy.backsolve == nil,
      "flow: \(type(of: adjoint)) cannot go back over events; use CheckpointedAdjoint")
  }

  /// Where the flow ends and what happens on the way.
  ///
  ///     let landing = try flow.landing(from: ball)
  ///
  /// Times are on the same footing as states: both can be differentiated. In a gradient the ends of
  /// steps count as given, but for those at events, which move with what they depend on.
  ///
  /// - Cost: the flow, a few steps for each event, and a step for each of ``maximumEvents``, if there
  ///   is an event that does not end the flow.
  /// - Errors: those of the flow, and ``IntegrationError`` where a condition is not finite, where there
  ///   are more events than ``maximumEvents``, and where they accumulate. Traps where there are no
  ///   events.
  public func landing(from y: State) throws(IntegrationError) -> Landing<State> {
    require(!events.isEmpty, "flow: without events there is no landing")
    var landing = try run(y, landingPlans) { flow, y, _ in flow.landed(from: y) }
    if !landing.count.isSymbolic {
      landing.occurrences = Array(landing.occurrences.prefix(Int(landing.count.scalar)))
    }
    return landing
  }
}

// MARK: - Creation

extension Flow {
  /// Creates the flow of one field with events.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, steps: Int, using method: Method,
    adjoint: some Adjoint<Method>, events: [Event<State>], maximumEvents: Int = 16
  ) {
    self.init(
      [dynamics], (start, end), steps: steps, method, adjoint, events: events,
      maximumEvents: maximumEvents)
    validateEvents()
  }

  /// Creates the flow of one field with events, differentiated by ``DirectAdjoint``.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, steps: Int, using method: Method,
    events: [Event<State>], maximumEvents: Int = 16
  ) {
    self.init(
      dynamics, from: start, to: end, steps: steps, using: method, adjoint: DirectAdjoint(),
      events: events, maximumEvents: maximumEvents)
  }
}

extension Flow where Method: EmbeddedIntegrator {
  /// Creates the flow of one field with events, and with steps as long as a tolerance allows.
  ///
  ///     let flow = Flow(
  ///       fall, from: 0, to: 10, tolerance: 1e-8, using: EmbeddedRungeKutta(.tsitouras5),
  ///       adjoint: CheckpointedAdjoint(budget: 20),
  ///       events: [Event("ground", .falling) { t, ball in ball.height }])
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, tolerance: Tolerance,
    using method: Method, adjoint: some Adjoint<Method>, control: StepControl = StepControl(),
    events: [Event<State>], maximumEvents: Int = 16
  ) {
    self.init(
      [dynamics], (start, end), steps: 0, method, adjoint,
      StepAdaptation(method, tolerance, control), events: events, maximumEvents: maximumEvents)
    validateEvents()
  }

  /// Creates the flow of one field with events, and with steps as long as a tolerance allows,
  /// differentiated by ``DirectAdjoint``.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, tolerance: Tolerance,
    using method: Method, control: StepControl = StepControl(), events: [Event<State>],
    maximumEvents: Int = 16
  ) {
    self.init(
      dynamics, from: start, to: end, tolerance: tolerance, using: method,
      adjoint: DirectAdjoint(), control: control, events: events, maximumEvents: maximumEvents)
  }
}
