/// Why an integration stopped, with numbers and advice.
///
///     do {
///       let end = try flow(start)
///     } catch {
///       print(error)   // "step 12 of 100, t = 0.12: ... "
///       print(error.time, error.step, error.norm, error.advice)
///     }
public struct IntegrationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Reason: Hashable, Sendable {
    /// A component of the state became NaN or infinite: its name and value.
    case nonFiniteState(component: String, value: Double)
    /// Undoing the steps did not lead back to the initial state: relative error and bound.
    case reconstruction(error: Double, bound: Double)
    /// The state was asked for at a time outside of the span, or at one that this method cannot
    /// interpolate to.
    case unreachableTime
  }

  /// What went wrong.
  public let reason: Reason
  /// The time at which it showed.
  public let time: Double
  /// The step, counted from 1; 0 before the first.
  public let step: Int
  /// The number of steps of the flow.
  public let steps: Int
  /// The size of the steps.
  public let stepSize: Double
  /// The Euclidean norm of the last finite state.
  public let norm: Double

  /// Creates an error.
  public init(
    _ reason: Reason, time: Double, step: Int, of steps: Int, stepSize: Double, norm: Double
  ) {
    self.reason = reason
    self.time = time
    self.step = step
    self.steps = steps
    self.stepSize = stepSize
    self.norm = norm
  }

  /// What to try.
  public var advice: String {
    switch reason {
    case .nonFiniteState:
      """
      If the norm was growing, the step is too long for the fastest mode of the dynamics: take \
      more steps, or a method with a larger stability region. If it was not, the dynamics \
      themselves return NaN or infinity there.
      """
    case .reconstruction:
      """
      The dynamics lose information, so steps cannot be undone this far: use CheckpointedAdjoint, \
      or fewer steps.
      """
    case .unreachableTime:
      "Ask for times within the span, and for those of steps where the equation is second order."
    }
  }

  public var description: String {
    let place = "step \(step) of \(steps), t = \(time), h = \(stepSize)"
    let event =
      switch reason {
      case .nonFiniteState(let component, let value):
        "component \(component) became \(value); the norm before was \(norm)"
      case .reconstruction(let error, let bound):
        "undoing the steps missed the initial state by \(error) (relative), more than \(bound)"
      case .unreachableTime: "no state can be given at this time"
      }
    return "integration stopped at \(place): \(event). \(advice)"
  }
}
