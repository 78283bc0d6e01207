public import ThalwegDynamics
public import ThalwegTensors

/// The implicit midpoint rule.
///
///     z = y + h/2 f(t + h/2, z),   y₁ = 2z - y
///
/// It is its own adjoint: a step back is a step of the opposite size. Quadratic invariants are kept,
/// and steps through Hamiltonian dynamics are symplectic. Both hold, and steps are undone, up to the
/// tolerance of the solver:
///
///     let flow = Flow(
///       f, over: 0...10, steps: 100, using: ImplicitMidpoint(solver: NewtonKrylov(tolerance: 1e-14)),
///       adjoint: ReversibleAdjoint())
///
/// - Order: 2.
/// - Stability: A-stable, and steps through contractive dynamics contract; fast components are kept
///   with alternating sign, |R(∞)| = 1.
/// - Cost: a system of equations a step.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge.
/// - Source: E. Hairer, C. Lubich, G. Wanner, "Geometric Numerical Integration", Springer, 2006,
///   doi:10.1007/3-540-30666-8, sections II.1 and VI.4.
public struct ImplicitMidpoint<Field: Dynamics>: ReversibleIntegrator {
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
    Tensor(2) * solver.stage(f, at: t + h / 2, near: y, from: y, by: h / 2) - y
  }

  public func unstep(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    Tensor(2) * solver.stage(f, at: t + h / 2, near: y, from: y, by: -h / 2) - y
  }
}
