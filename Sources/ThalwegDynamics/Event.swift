import ThalwegKernels
public import ThalwegTensors

/// The way through zero by which a condition makes an event, in the order in which a flow goes.
///
/// A flow backwards in time sees a condition fall that rises with time.
public enum EventDirection: Hashable, Sendable {
  /// From negative to positive numbers.
  case rising
  /// From positive to negative ones.
  case falling
  /// Both ways.
  case either
}

/// Something that happens in a flow where a condition on time and state passes zero.
///
///     let ground = Event<Ball>("ground", .falling) { t, ball in ball.height }
///     let flow = Flow(fall, from: 0, to: 10, tolerance: 1e-8, using: method, events: [ground])
///     let landing = try flow.landing(from: ball)
///
/// A flow ends at an event, unless the event says that it is not terminal or changes the state:
///
///     let bounce = Event<Ball>("bounce", .falling) { t, ball in ball.height }
///       .apply(restitution) { t, ball, e in Ball(height: ball.height, velocity: -e * ball.velocity) }
///
/// What stands before a closure is passed to it, differentiated and trained; what the closure captures
/// is constant.
///
/// A condition that is zero where a flow begins makes no event there, nor does the one that has just
/// made one: it must have left zero first. One that only touches zero may make one or not.
///
/// - Shapes: a condition is one number; for a batch as a whole it may be the least of all.
/// - Errors: traps where a condition is more than one number.
public struct Event<State: VectorSpace>: TensorTree {
  /// What the event is called in errors.
  public let name: String
  /// The way through zero that counts.
  public let direction: EventDirection
  /// Whether a flow ends here.
  public let isTerminal: Bool
  private var ofCondition: Parameters
  private var ofChange = Parameters()
  private let condition: @Sendable (Tensor, State, Parameters) -> Tensor
  private let change: (@Sendable (Tensor, State, Parameters) -> State)?

  public static var branches: Branches<Event<State>> { Branches(\.ofCondition, \.ofChange) }

  /// Creates an event at which a flow ends, or one that is only noted.
  public init<each Parameter: TensorTree>(
    _ name: String, _ direction: EventDirection, _ parameters: repeat each Parameter,
    isTerminal: Bool = true,
    condition: @escaping @Sendable (Tensor, State, repeat each Parameter) -> Tensor
  ) {
    self.name = name
    self.direction = direction
    self.isTerminal = isTerminal
    ofCondition = Parameters(repeat each parameters)
    change = nil
    self.condition = { t, y, stored in
      condition(t, y, repeat each stored.typed(as: repeat (each Parameter).self))
    }
  }

  private init(
    _ event: Event, _ parameters: Parameters,
    _ change: @escaping @Sendable (Tensor, State, Parameters) -> State
  ) {
    name = event.name
    direction = event.direction
    isTerminal = false
    ofCondition = event.ofCondition
    condition = event.condition
    ofChange = parameters
    self.change = change
  }

  /// The event with a change of the state, from which the flow goes on.
  ///
  /// - Shapes: the change keeps the shape of the state.
  public func apply<each Parameter: TensorTree>(
    _ parameters: repeat each Parameter,
    change: @escaping @Sendable (Tensor, State, repeat each Parameter) -> State
  ) -> Event {
    Event(self, Parameters(repeat each parameters)) { t, y, stored in
      change(t, y, repeat each stored.typed(as: repeat (each Parameter).self))
    }
  }

  /// The parameters of the condition, or in a gradient their derivatives, with their types.
  public func parameters<each Parameter: TensorTree>(
    as types: repeat (each Parameter).Type
  ) -> (repeat each Parameter) {
    ofCondition.typed(as: repeat each types)
  }

  /// The only parameter of the condition, or in a gradient its derivative, with its type.
  public func parameters<Parameter: TensorTree>(as type: Parameter.Type) -> Parameter {
    ofCondition.typed(as: type)
  }

  /// The parameters of the change, or in a gradient their derivatives, with their types.
  public func parametersOfChange<each Parameter: TensorTree>(
    as types: repeat (each Parameter).Type
  ) -> (repeat each Parameter) {
    ofChange.typed(as: repeat each types)
  }

  /// The only parameter of the change, or in a gradient its derivative, with its type.
  public func parametersOfChange<Parameter: TensorTree>(as type: Parameter.Type) -> Parameter {
    ofChange.typed(as: type)
  }

  /// The number whose zeros are events.
  package func value(at t: Tensor, of y: State) -> Tensor {
    let value = condition(t, y, ofCondition)
    require(
      value.count == 1, "event \(name): a condition of shape \(value.shape) is not one number")
    return value.rank == 0 ? value : value.reshaped(to: [])
  }

  /// The state after the event.
  package func state(after y: State, at t: Tensor) -> State {
    guard let change else { return y }
    let changed = change(t, y, ofChange)
    require(
      changed.leaves.map(\.type) == y.leaves.map(\.type),
      "event \(name): a change turns a state of \(y.leaves.map(\.type)) into"
        + " \(changed.leaves.map(\.type))")
    return changed
  }
}
