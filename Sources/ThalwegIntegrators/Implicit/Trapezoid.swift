public import ThalwegDynamics
public import ThalwegTensors

/// The implicit trapezoidal rule, also known as the Crank-Nicolson method.
///
///     y₁ = y + h/2 (f(t, y) + f(t + h, y₁))
///
/// - Order: 2.
/// - Stability: A-stable; fast components are kept with alternating sign, |R(∞)| = 1. Steps through
///   contractive dynamics need not contract where they are not linear: take ``ImplicitMidpoint``.
/// - Cost: a system of equations and an evaluation a step.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge.
/// - Source: J. Crank, P. Nicolson, "A practical method for numerical evaluation of solutions of
///   partial differential equations of the heat-conduction type", Proc. Camb. Phil. Soc. 43 (1947),
///   50-67, doi:10.1017/S0305004100023197.
public struct Trapezoid<Field: Dynamics>: Integrator {
  public let order = 2
  private let solver: StageSolver<Field.State>

  /// Creates the method.
  public init(
    solver: NewtonKrylov = NewtonKrylov(),
    preconditioner: StagePreconditioner<Field.State>? = nil
  ) {
    self.solver = StageSolver(newton: solver, preconditioner: preconditioner)
  }

  public func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    solver.stage(f, at: t + h, near: y, from: y + h / 2 * f(t, y), by: h / 2)
  }
}
