public import ThalwegTensors

/// The states of a flow at given times.
///
///     let trajectory = try flow.trajectory(from: y0, at: [0, 0.5, 1])
///     trajectory.states[1]
///     trajectory.statistics.evaluations
public struct Trajectory<State: TensorTree>: Sendable {
  /// The times, as they were asked for.
  public let times: [Double]
  /// The state at each time.
  public let states: [State]
  /// What the integration took.
  public let statistics: FlowStatistics
}
