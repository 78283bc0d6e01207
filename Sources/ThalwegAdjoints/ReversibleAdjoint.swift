public import ThalwegIntegrators
import ThalwegTensors

/// The gradient from the final state alone: each step is undone and pulled back at once.
///
///     let flow = Flow(
///       orbit, over: 0...100, steps: 1_000, using: Verlet(), adjoint: ReversibleAdjoint())
///
/// Undoing a step and pulling back through it share every evaluation of the dynamics, so a step
/// back evaluates them no oftener than a step forth.
///
/// Steps that can be undone by a formula can still lose information in floating point: dissipative
/// dynamics amplify rounding on the way back. The reconstructed initial state is therefore compared
/// with the real one; the error is reported in ``Flow/statistics``, and beyond the bound the
/// gradient is an error and never a wrong number.
///
/// - Cost: memory of a few states, whatever the number of steps; a step back evaluates the dynamics
///   as often as a step forth. ``DirectAdjoint`` does the same for its derivatives, apart from the
///   last operations of an evaluation, whose values it does not use.
/// - Errors: ``IntegrationError`` with the reason `reconstruction` past the bound. Does not compile
///   with methods whose steps cannot be undone.
/// - Source: B. Chang, L. Meng, E. Haber, L. Ruthotto, D. Begert, E. Holtham, "Reversible
///   Architectures for Arbitrarily Deep Residual Neural Networks", AAAI 2018, arXiv:1709.03698.
public struct ReversibleAdjoint<Method: ReversibleIntegrator>: Adjoint {
  /// The largest relative error of the reconstructed initial state, or nil for the square root of
  /// the precision: 1.5e-8 in double and 3.5e-4 in single precision.
  public let bound: Double?

  /// Creates the adjoint.
  public init(bound: Double? = nil) { self.bound = bound }

  public func strategy(for context: FlowContext) -> AdjointStrategy<Method> {
    AdjointStrategy(
      ReversibleLoopAdjoint(certificate: context.certificate(bound: bound)),
      undo: { method, field, time, carry, h in method.unstep(field, at: time, from: carry, by: h) })
  }
}
