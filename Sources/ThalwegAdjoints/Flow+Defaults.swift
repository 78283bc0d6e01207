public import ThalwegIntegrators

// Overloads of a type that is known, so that `.automatic` may be written, and left out.
extension Flow {
  /// Creates the flow of one field, differentiated as ``AutomaticAdjoint`` decides.
  ///
  /// Without steps a flow is the identity.
  ///
  /// - Errors: traps where the number of steps is negative.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, steps: Int, using method: Method,
    adjoint: AutomaticAdjoint<Method> = .automatic
  ) {
    self.init([dynamics], (start, end), steps: steps, method, adjoint)
  }

  /// Creates the flow of one field over a span, differentiated as ``AutomaticAdjoint`` decides.
  ///
  /// Without steps a flow is the identity.
  ///
  /// - Errors: traps where the number of steps is negative.
  public init(
    _ dynamics: Method.Field, over span: ClosedRange<Double>, steps: Int, using method: Method,
    adjoint: AutomaticAdjoint<Method> = .automatic
  ) {
    self.init(
      dynamics, from: span.lowerBound, to: span.upperBound, steps: steps, using: method,
      adjoint: adjoint)
  }

  /// Creates the flow of a field for each step, differentiated as ``AutomaticAdjoint`` decides.
  public init(
    stages: [Method.Field], over span: ClosedRange<Double>, using method: Method,
    adjoint: AutomaticAdjoint<Method> = .automatic
  ) {
    self.init(staged: stages, over: span, using: method, adjoint)
  }
}
