import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// The states at given times.
  ///
  ///     let trajectory = try flow.trajectory(from: y0, at: [0, 0.25, 1])
  ///
  /// At the time of a step the state is the method's. Between steps it is the method's own where the
  /// size of steps is controlled, which does not depend on the times; otherwise it is the cubic Hermite
  /// interpolant of the states and slopes on both sides. The states are differentiable.
  ///
  /// At the time of an event that changes the state it is the one after the change, and behind an
  /// event that ends the flow that of the end.
  ///
  /// - Order: that of the method where the size of steps is controlled; otherwise 4 between steps, and
  ///   the method's own order remains the limit.
  /// - Cost: memory of a state for each step where their number is fixed, otherwise for each time.
  /// - Errors: ``IntegrationError`` where the state stops being finite, where a time is outside of
  ///   the span, and where it is between steps of an equation of second order.
  public func trajectory(
    from y: State, at times: [Double]
  ) throws(IntegrationError) -> Trajectory<State> {
    for time in times where !isReachable(time, y) {
      throw IntegrationError(
        .unreachableTime, time: time, step: 0, of: steps, stepSize: stepSize, norm: 0)
    }
    if adaptation != nil || !events.isEmpty {
      return try trajectory(from: y, at: times, adaptation)
    }
    let states = try run(y, trajectoryPlans, constants: times) { flow, y, _ in
      flow.recorded(from: y, at: times) { flow, y in
        let stacked = flow.record(from: y, keepsStates: true).states
        return times.map { flow.state(at: $0, from: y, stacked) }
      }
    }
    return Trajectory(times: times, states: states, statistics: statistics)
  }

  /// The states after every step, and the initial one.
  ///
  /// - Cost: two integrations where the size of steps is controlled, the first of which finds them.
  /// - Errors: traps where the size of steps is controlled and the state is traced or each sample has
  ///   steps of its own.
  public func trajectory(from y: State) throws(IntegrationError) -> Trajectory<State> {
    require(
      events.isEmpty,
      "trajectory: with events steps end anywhere; ask for the states at given times")
    if let adaptation { return try trajectory(from: y, at: grid(from: y, adaptation)) }
    return try trajectory(from: y, at: (0...steps).map { start + Double($0) * stepSize })
  }

  /// The number of steps to a time, which may be fractional.
  private func position(of time: Double) -> Double {
    // Where time stands still there is the start alone.
    guard stepSize != 0 else { return time == start ? 0 : .nan }
    let position = (time - start) / stepSize
    // A time that was computed as start + k h need not come out as k.
    return abs(position - position.rounded()) < 1e-9 * Swift.max(1, abs(position))
      ? position.rounded() : position
  }

  private func isReachable(_ time: Double, _ y: State) -> Bool {
    if adaptation != nil || !events.isEmpty {
      let isWithin = time >= Swift.min(start, end) && time <= Swift.max(start, end)
      return isWithin && (adaptation != nil || dynamics is any Dynamics)
    }
    let position = position(of: time)
    guard position >= 0, position <= Double(steps) else { return false }
    if position == position.rounded() { return true }
    return dynamics is any Dynamics
  }

  private func state(at time: Double, from y: State, _ stacked: [Tensor]) -> State {
    let position = position(of: time)
    let step = Int(position.rounded(.down))
    let before = state(after: step, from: y, stacked)
    let part = position - Double(step)
    guard part > 0 else { return before }
    let after = state(after: step + 1, from: y, stacked)
    let field = stages[isStaged ? step : 0]
    let times = [step, step + 1].map { start + Double($0) * stepSize }
    guard let first = field.slope(at: Tensor(times[0]), of: before),
      let last = field.slope(at: Tensor(times[1]), of: after)
    else { return before }
    return Self.hermite(part, stepSize, before, after, first, last)
  }

  private func state(after step: Int, from y: State, _ stacked: [Tensor]) -> State {
    step == 0 ? y : y.replacingLeaves(with: stacked.map { $0[step - 1] })
  }

  /// The cubic through two states with given slopes.
  private static func hermite(
    _ x: Double, _ h: Double, _ before: State, _ after: State, _ first: State, _ last: State
  ) -> State {
    let weights = [
      (1 + 2 * x) * (1 - x) * (1 - x), x * x * (3 - 2 * x), h * x * (1 - x) * (1 - x),
      h * x * x * (x - 1),
    ]
    let zero = Tensor(weights[0]) * before
    return zero.adding(Tensor(1.0), Array(weights.dropFirst()), [after, first, last])
  }
}
