public import ThalwegIntegrators
import ThalwegKernels
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
/// Where reversal would lose its way over the whole flow it may keep it over a part: with segments, the
/// state before each of them is stored, the way back through it must end there, and goes on from there.
///
///     ReversibleAdjoint(segments: 10)
///
/// - Cost: memory of a few states and of one for each segment but the first, whatever the number of
///   steps; a step back evaluates the dynamics
///   as often as a step forth. ``DirectAdjoint`` does the same for its derivatives, apart from the
///   last operations of an evaluation, whose values it does not use.
/// - Errors: ``IntegrationError`` with the reason `reconstruction` past the bound. Does not compile
///   with methods whose steps cannot be undone.
/// - Source: B. Chang, L. Meng, E. Haber, L. Ruthotto, D. Begert, E. Holtham, "Reversible
///   Architectures for Arbitrarily Deep Residual Neural Networks", AAAI 2018, arXiv:1709.03698.
public struct ReversibleAdjoint<Method: ReversibleIntegrator>: Adjoint {
  /// The largest relative error of a reconstructed state, or nil for the square root of
  /// the precision: 1.5e-8 in double and 3.5e-4 in single precision.
  public let bound: Double?

  /// How many parts the steps are cut into, each of which is undone by itself.
  public let segments: Int

  /// Creates the adjoint.
  ///
  /// - Errors: traps where there are no segments.
  public init(bound: Double? = nil, segments: Int = 1) {
    require(segments > 0, "reversible adjoint: \(segments) segments are fewer than one")
    self.bound = bound
    self.segments = segments
  }

  public func strategy(for context: FlowContext) -> AdjointStrategy<Method> {
    AdjointStrategy(
      ReversibleLoopAdjoint(segments: segments) { steps, isLast in
        context.certificate(bound: bound, of: steps, isFirst: isLast)
      },
      undo: { method, field, time, carry, h in method.unstep(field, at: time, from: carry, by: h) })
  }
}
