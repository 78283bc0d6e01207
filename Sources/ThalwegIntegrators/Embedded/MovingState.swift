public import ThalwegDynamics
public import ThalwegTensors

/// A state with its slope: what methods carry whose last evaluation is the first of the next step.
///
/// A step that is rejected is tried again without an evaluation at its beginning.
public struct MovingState<State: VectorSpace>: TensorTree {
  /// The state.
  public var state: State
  /// Its derivative in time.
  public var slope: State

  /// Creates a state with its slope.
  public init(state: State, slope: State) {
    self.state = state
    self.slope = slope
  }

  public static var branches: Branches<MovingState<State>> { Branches(\.state, \.slope) }
}
