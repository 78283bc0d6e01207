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
    self.init(
      [dynamics], (start, end), steps: 0, method, adjoint,
      StepAdaptation(method, tolerance, control))
    _ = recording
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

  /// Creates the flow of one field, with steps as long as a tolerance allows, differentiated by
  /// ``DirectAdjoint``.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, tolerance: Tolerance,
    using method: Method, control: StepControl = StepControl()
  ) {
    self.init(
      dynamics, from: start, to: end, tolerance: tolerance, using: method,
      adjoint: DirectAdjoint(), control: control)
  }

  /// Creates the flow of one field over a span, with steps as long as a tolerance allows,
  /// differentiated by ``DirectAdjoint``.
  public init(
    _ dynamics: Method.Field, over span: ClosedRange<Double>, tolerance: Tolerance,
    using method: Method, control: StepControl = StepControl()
  ) {
    self.init(
      dynamics, over: span, tolerance: tolerance, using: method, adjoint: DirectAdjoint(),
      control: control)
  }
}

extension Flow {
  /// How large the errors of steps may be; nil where the number of steps is fixed.
  public var tolerance: Tolerance? { adaptation?.tolerance }

  /// How the sizes of steps are controlled; nil where their number is fixed.
  public var control: StepControl? { adaptation?.control }
}
