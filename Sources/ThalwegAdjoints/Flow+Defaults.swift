import ThalwegDynamics
public import ThalwegIntegrators

// A default argument cannot depend on the method, hence initializers of their own.
extension Flow {
  /// Creates the flow of one field, differentiated by ``DirectAdjoint``.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, steps: Int, using method: Method
  ) {
    self.init(
      dynamics, from: start, to: end, steps: steps, using: method, adjoint: DirectAdjoint())
  }

  /// Creates the flow of one field over a span, differentiated by ``DirectAdjoint``.
  public init(
    _ dynamics: Method.Field, over span: ClosedRange<Double>, steps: Int, using method: Method
  ) {
    self.init(dynamics, over: span, steps: steps, using: method, adjoint: DirectAdjoint())
  }

  /// Creates the flow of a field for each step, differentiated by ``DirectAdjoint``.
  public init(stages: [Method.Field], over span: ClosedRange<Double>, using method: Method) {
    self.init(stages: stages, over: span, using: method, adjoint: DirectAdjoint())
  }
}
