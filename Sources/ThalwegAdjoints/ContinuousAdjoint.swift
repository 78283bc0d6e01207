public import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// The gradient from a differential equation that is integrated backwards in time.
///
///     let flow = Flow(
///       f, over: 0...1, steps: 50, using: RungeKutta(.classic),
///       adjoint: ContinuousAdjoint(using: RungeKutta(.classic), steps: 50))
///
/// The state is integrated backwards with it, so that no states are stored.
///
/// - Warning: This is the gradient of the differential equation, and not of the steps that were
///   taken: it is off by the errors of both integrations, so that a loss need not go down along it. The
///   way back is unstable for dissipative dynamics, which grow backwards in time: the reconstructed
///   states, and the gradient with them, may be wrong by any amount without any sign of it. Prefer
///   ``CheckpointedAdjoint``, whose gradient is that of the steps; this one is here to be compared with.
///
/// - Cost: memory of a few states; each evaluation on the way back is one of the dynamics and one of
///   their pullback.
/// - Errors: ``IntegrationError`` where the way back fails. Traps where each step has a field of its
///   own.
/// - Source: R. T. Q. Chen, Y. Rubanova, J. Bettencourt, D. Duvenaud, "Neural Ordinary Differential
///   Equations", NeurIPS 2018, arXiv:1806.07366.
public struct ContinuousAdjoint<Method: Integrator, Backward: Integrator>: Adjoint
where Method.Field: Dynamics, Backward.Field == AdjointEquation<Method.Field> {
  /// The method of the way back.
  public let method: Backward
  /// Makes the flow from a later to an earlier time, which is so much of the whole span.
  private let flow: @Sendable (Backward.Field, Double, Double, Double) -> Flow<Backward>

  /// Creates the adjoint with a number of steps for the whole way back.
  ///
  /// - Errors: traps where there are no steps.
  public init(using method: Backward, steps: Int) {
    require(steps > 0, "continuous adjoint: \(steps) steps are fewer than one")
    self.method = method
    flow = { field, start, end, part in
      Flow(
        field, from: start, to: end, steps: Swift.max(1, Int((Double(steps) * part).rounded(.up))),
        using: method)
    }
  }

  /// Creates the adjoint with steps as long as a tolerance allows.
  public init(
    using method: Backward, tolerance: Tolerance, control: StepControl = StepControl()
  ) where Backward: EmbeddedIntegrator {
    self.method = method
    flow = { field, start, end, _ in
      Flow(
        field, from: start, to: end, tolerance: tolerance, using: method, control: control)
    }
  }

  public func strategy(for context: FlowContext) -> AdjointStrategy<Method> {
    let span = context.end - context.start
    return AdjointStrategy(DirectLoopAdjoint.shared, recording: .everything) {
      [flow] field, start, end, state in
      flow(AdjointEquation(field), start, end, (start - end) / span).recorded(from: state)
    }
  }
}
