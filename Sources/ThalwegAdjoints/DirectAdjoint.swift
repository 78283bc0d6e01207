public import ThalwegIntegrators
import ThalwegTensors

/// The gradient from the states before every step, all stored.
///
///     let flow = Flow(f, over: 0...1, steps: 100, using: RungeKutta(.classic), adjoint: DirectAdjoint())
///
/// Stages are computed again from the stored states, so memory does not grow with the number of
/// stages or layers of the dynamics.
///
/// - Cost: the flow, and a pullback that evaluates the dynamics once more in each stage; memory of
///   one carried state a step.
/// - Source: E. Hairer, C. Lubich, G. Wanner, "Geometric Numerical Integration", Springer, 2006;
///   the discrete adjoint of a Runge-Kutta method: W. W. Hager, "Runge-Kutta methods in optimal
///   control and the transformed adjoint system", Numer. Math. 87 (2000), doi:10.1007/s002110000178.
public struct DirectAdjoint<Method: Integrator>: Adjoint {
  /// Creates the adjoint.
  public init() {}

  public func strategy(for context: FlowContext) -> AdjointStrategy<Method> {
    AdjointStrategy(DirectLoopAdjoint.shared, recording: .everything)
  }
}
