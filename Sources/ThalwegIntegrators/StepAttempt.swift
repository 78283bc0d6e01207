public import ThalwegDynamics
public import ThalwegTensors

/// A step that is taken if its error is small enough.
public struct StepAttempt<Carry: TensorTree, State: VectorSpace, Dense: TensorTree>: Sendable {
  /// What is carried after the step.
  public var next: Carry
  /// The estimate of the error of the state.
  public var error: State
  /// What interpolation needs; it is computed only where somebody asks for states within steps.
  public var dense: Dense

  /// Creates an attempt.
  public init(next: Carry, error: State, dense: Dense) {
    self.next = next
    self.error = error
    self.dense = dense
  }
}
