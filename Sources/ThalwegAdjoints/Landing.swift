public import ThalwegDynamics
public import ThalwegTensors

/// Where a flow with events ends, and the events on the way.
///
///     let landing = try flow.landing(from: ball)
///     landing.time, landing.state
///     landing.occurrences.map(\.time)
///
/// All of it is differentiable: the time of an event as an implicit function of what determines it.
public struct Landing<State: VectorSpace>: TensorTree {
  /// The time at which the flow ended: that of a terminal event, or the end of the span.
  public var time: Tensor
  /// The state there.
  public var state: State
  /// How many times something happened.
  public var count: Tensor
  /// What happened, in the order of the flow.
  ///
  /// While a function is traced the number is not known, and the list is as long as it may become:
  /// what did not happen stands there with the time and state of the end.
  public internal(set) var occurrences: [Occurrence<State>]

  public static var branches: Branches<Landing<State>> {
    Branches(\.time, \.state, \.count, \.occurrences)
  }
}

/// A time at which one or several events of a flow happened.
public struct Occurrence<State: VectorSpace>: TensorTree {
  /// When it happened.
  public var time: Tensor
  /// The state in which it happened.
  public var before: State
  /// The state from which the flow went on; another one where an event changes it.
  public var after: State
  /// For each event of the flow 1 if it happened, and 0 if it did not.
  public var happened: Tensor
  let names: [String]

  public static var branches: Branches<Occurrence<State>> {
    Branches(\.time, \.before, \.after, \.happened)
  }

  /// Which events of the flow happened, by their places in its list.
  ///
  /// - Errors: traps while a function is traced, when they are not known.
  public var events: [Int] { happened.values.indices.filter { happened.values[$0] != 0 } }

  /// The names of the events that happened.
  public var eventNames: [String] { events.map { names[$0] } }
}
