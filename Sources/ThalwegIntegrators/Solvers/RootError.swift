package import ThalwegKernels
import ThalwegTensors

/// Why a root or the derivative of one was not found, with numbers and advice.
public struct RootError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Reason: Hashable, Sendable {
    /// Newton's method ended where the residual has this norm; the last correction was so many times
    /// as long as the one before.
    case newtonDivergence(residual: Double, contraction: Double, iterations: Int)
    /// A Krylov method left this part of the right side after so many products.
    case krylovBreakdown(residual: Double, products: Int)
    /// A Jacobian could not be inverted.
    case singularJacobian
  }

  /// What went wrong.
  public let reason: Reason

  /// Creates an error.
  public init(_ reason: Reason) { self.reason = reason }

  /// What a failed solver reports.
  package init(_ failure: LoopFailure) {
    reason =
      switch failure.kind {
      case .singular: .singularJacobian
      case .krylov:
        .krylovBreakdown(residual: failure.value, products: failure.count)
      default:
        .newtonDivergence(
          residual: failure.value, contraction: failure.rate, iterations: failure.count)
      }
  }

  static let shared = SolverError { RootError($0) }

  /// What to try.
  public var advice: String {
    switch reason {
    case .newtonDivergence(let residual, _, _) where !residual.isFinite:
      "The residual is NaN or infinite at the guess: begin nearer to the root."
    case .newtonDivergence(_, let contraction, _) where contraction < 0.5:
      "It was converging: allow more iterations, or begin nearer to the root."
    case .newtonDivergence:
      """
      Begin nearer to the root: take shorter steps, or a better predictor. If the residual is as \
      small as rounding lets it be, raise the tolerance.
      """
    case .krylovBreakdown:
      """
      Give a preconditioner, allow a larger space or more products, or take shorter steps. \
      Conjugate gradients are for symmetric positive definite matrices alone.
      """
    case .singularJacobian:
      "The equations do not determine all unknowns near this point: look at the residual."
    }
  }

  public var description: String {
    let event =
      switch reason {
      case .newtonDivergence(let residual, let contraction, let iterations):
        "Newton's method stopped after \(iterations) iterations with a residual of norm"
          + " \(residual), contracting by \(contraction)"
      case .krylovBreakdown(let residual, let products):
        "a linear system was left with a relative residual of \(residual) after \(products)"
          + " products"
      case .singularJacobian: "a Jacobian is singular"
      }
    return "\(event). \(advice)"
  }
}
