package import ThalwegKernels

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
    /// A component of the initial state was NaN or infinite: its name and value.
    case nonFiniteStart(component: String, value: Double)
    /// A parameter was NaN or infinite before the first step: its name and value.
    case nonFiniteParameter(name: String, value: Double)
    /// A component of the state became NaN or infinite: its name and value.
    case nonFiniteState(component: String, value: Double)
    /// A component of the state left the range in which sums on the grid are exact: its name, value
    /// and limit.
    case gridOverflow(component: String, value: Double, limit: Double)
    /// Undoing the steps did not lead back to the initial state: relative error and bound.
    case reconstruction(error: Double, bound: Double)
    /// The state was asked for at a time outside of the span, or at one that this method cannot
    /// interpolate to.
    case unreachableTime
    /// The error of a step as short as steps can be was still so many times the tolerance.
    case stepUnderflow(error: Double)
    /// So many steps, taken and rejected, did not lead to the end.
    case tooManySteps(limit: Int)
    /// Newton's method ended where the residual has this norm; the last correction was so many times
    /// as long as the one before.
    case newtonDivergence(residual: Double, contraction: Double, iterations: Int)
    /// A Krylov method left this part of the right side after so many products.
    case krylovBreakdown(residual: Double, products: Int)
    /// The Jacobian of the equations of a step could not be inverted.
    case singularJacobian
    /// The condition of the event with this name became NaN or infinite.
    case nonFiniteCondition(event: String, value: Double)
    /// The event with this name would have been one more than there may be.
    case tooManyEvents(event: String, limit: Int)
    /// The event with this name followed the last one at once.
    case accumulatingEvents(event: String)
    /// The condition of an event touches zero without passing it, so that its time has no derivative.
    case tangentialEvent
  }

  /// What went wrong.
  public let reason: Reason
  /// The time at which it showed.
  public let time: Double
  /// The step, counted from 1; 0 before the first.
  public let step: Int
  /// The number of steps of the flow, 0 where their size is controlled.
  public let steps: Int
  /// The size of the step.
  public let stepSize: Double
  /// The Euclidean norm of the last finite state; NaN where a gradient is what failed, and NaN or
  /// infinite where no state was finite.
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

  /// Creates the error that a loop reports.
  package init(
    _ failure: LoopFailure, component: String, time: Double, of steps: Int, stepSize: Double
  ) {
    let reason: Reason =
      switch failure.kind {
      case .nonFinite: .nonFiniteState(component: component, value: failure.value)
      case .beyondLimit:
        .gridOverflow(component: component, value: failure.value, limit: failure.bound)
      case .certificate: .reconstruction(error: failure.value, bound: failure.bound)
      case .newton:
        .newtonDivergence(
          residual: failure.value, contraction: failure.rate, iterations: failure.count)
      case .krylov: .krylovBreakdown(residual: failure.value, products: failure.count)
      case .singular: .singularJacobian
      case .stepUnderflow: .stepUnderflow(error: failure.value)
      case .tooManySteps: .tooManySteps(limit: failure.count)
      case .nonFiniteCondition: .nonFiniteCondition(event: component, value: failure.value)
      case .tooManyEvents: .tooManyEvents(event: component, limit: failure.count)
      case .accumulatingEvents: .accumulatingEvents(event: component)
      }
    self.init(
      reason, time: time, step: failure.iteration + 1, of: steps, stepSize: stepSize,
      norm: failure.norm)
  }

  public var description: String {
    let place = "step \(step)\(steps > 0 ? " of \(steps)" : ""), t = \(time), h = \(stepSize)"
    // An integration that did not begin has no place.
    switch reason {
    case .nonFiniteStart, .nonFiniteParameter:
      return "integration did not begin: \(event). \(advice)"
    default:
      return "integration stopped at \(place): \(event). \(advice)"
    }
  }

  /// A number as it is read: the sign of a NaN says nothing.
  private func spelled(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  private var event: String {
    switch reason {
    case .nonFiniteStart(let component, let value):
      "the initial state is not finite: \(component) is \(spelled(value))"
    case .nonFiniteParameter(let name, let value):
      "the parameter \(name) is \(spelled(value))"
    case .nonFiniteState(let component, let value) where !norm.isFinite:
      "component \(component) is \(spelled(value)), and what the step began with was not finite"
    case .nonFiniteState(let component, let value):
      "component \(component) became \(spelled(value)); the norm before was \(norm)"
    case .gridOverflow(let component, let value, let limit):
      "component \(component) became \(value), where sums on the grid are exact below \(limit)"
    case .reconstruction(let error, let bound):
      "undoing the steps missed the initial state by \(error) (relative), more than \(bound)"
    case .unreachableTime: "no state can be given at this time"
    case .stepUnderflow(let error):
      "the error of the shortest step is \(error) times the tolerance; the norm is \(norm)"
    case .tooManySteps(let limit): "\(limit) steps did not lead to the end"
    case .newtonDivergence(let residual, let contraction, let iterations):
      "Newton's method stopped after \(iterations) iterations with a residual of norm"
        + " \(residual), contracting by \(contraction)"
    case .krylovBreakdown(let residual, let products):
      "a linear system was left with a relative residual of \(residual) after \(products) products"
    case .singularJacobian: "the Jacobian of a step's equations is singular"
    case .nonFiniteCondition, .tooManyEvents, .accumulatingEvents, .tangentialEvent: ofEvents
    }
  }
}

extension IntegrationError.Reason {
  /// The reason of equations that were not solved.
  package init(_ reason: RootError.Reason) {
    self =
      switch reason {
      case .newtonDivergence(let residual, let contraction, let iterations):
        .newtonDivergence(
          residual: residual, contraction: contraction, iterations: iterations)
      case .krylovBreakdown(let residual, let products):
        .krylovBreakdown(residual: residual, products: products)
      case .singularJacobian: .singularJacobian
      }
  }
}
