public import ThalwegIntegrators

// A default argument cannot depend on the method, hence initializers of their own.
extension Flow where Method: EmbeddedIntegrator {
  /// Creates the flow of one field, with steps as long as a tolerance allows.
  ///
  ///     let flow = Flow(
  ///       f, from: 0, to: 10, tolerance: .relative(1e-6, absolute: 1e-8),
  ///       using: EmbeddedRungeKutta(.tsitouras5), adjoint: CheckpointedAdjoint(budget: 20))
  ///
  /// In a gradient the steps that were taken count as given, as is usual.
  ///
  /// - Errors: traps where the adjoint needs a fixed number of steps.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, tolerance: Tolerance,
    using method: Method, adjoint: some Adjoint<Method>, control: StepControl = StepControl()
  ) {
    self.init(controlling: dynamics, (start, end), tolerance, method, adjoint, control)
  }

  private init(
    controlling dynamics: Method.Field, _ span: (start: Double, end: Double),
    _ tolerance: Tolerance, _ method: Method, _ adjoint: some Adjoint<Method>,
    _ control: StepControl
  ) {
    let method = (method as? any StepSolving)?.following(tolerance) as? Method ?? method
    self.init(
      [dynamics], span, steps: 0, method, adjoint, StepAdaptation(method, tolerance, control))
    _ = recording(of: [])
  }

  /// Creates the flow of one field over a span, with steps as long as a tolerance allows.
  public init(
    _ dynamics: Method.Field, over span: ClosedRange<Double>, tolerance: Tolerance,
    using method: Method, adjoint: some Adjoint<Method>, control: StepControl = StepControl()
  ) {
    self.init(
      dynamics, from: span.lowerBound, to: span.upperBound, tolerance: tolerance, using: method,
      adjoint: adjoint, control: control)
  }

  /// Creates the flow of one field, with steps as long as a tolerance allows, differentiated as
  /// ``AutomaticAdjoint`` decides.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, tolerance: Tolerance,
    using method: Method, adjoint: AutomaticAdjoint<Method> = .automatic,
    control: StepControl = StepControl()
  ) {
    self.init(controlling: dynamics, (start, end), tolerance, method, adjoint, control)
  }

  /// Creates the flow of one field over a span, with steps as long as a tolerance allows,
  /// differentiated as ``AutomaticAdjoint`` decides.
  public init(
    _ dynamics: Method.Field, over span: ClosedRange<Double>, tolerance: Tolerance,
    using method: Method, adjoint: AutomaticAdjoint<Method> = .automatic,
    control: StepControl = StepControl()
  ) {
    self.init(
      dynamics, from: span.lowerBound, to: span.upperBound, tolerance: tolerance, using: method,
      adjoint: adjoint, control: control)
  }
}

extension Flow {
  /// How large the errors of steps may be; nil where the number of steps is fixed.
  public var tolerance: Tolerance? { adaptation?.tolerance }

  /// How the sizes of steps are controlled; nil where their number is fixed.
  public var control: StepControl? { adaptation?.control }
}
