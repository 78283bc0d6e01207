public import ThalwegDynamics
public import ThalwegTensors

/// The Gauss method of order 4, which collocates at two nodes.
///
///     Yᵢ = y + h Σⱼ aᵢⱼ f(t + cⱼ h, Yⱼ),   y₁ = y + h Σ bⱼ f(t + cⱼ h, Yⱼ),   c = 1/2 ∓ √3/6
///
/// It keeps quadratic invariants, and steps through Hamiltonian dynamics are symplectic, both up to the
/// tolerance of the solver.
///
/// - Order: 4.
/// - Stability: A-stable, and steps through contractive dynamics contract; fast components are kept,
///   R(∞) = 1.
/// - Cost: one system of equations a step, of twice the size.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge.
/// - Source: J. C. Butcher, "Implicit Runge-Kutta processes", Math. Comp. 18 (1964), 50-64,
///   doi:10.1090/S0025-5718-1964-0159424-9.
public struct Gauss4<Field: Dynamics>: Integrator {
  public let order = 4
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
    let tableau = CollocationTableau.gauss4
    let times = tableau.c.map { time(t, plus: $0, of: h) }
    let stages = solver.stages(f, at: times, near: times.map { _ in y }, from: y, by: h, tableau.a)
    // Slopes by what stages did: evaluations would multiply the errors of stiff components.
    let change = weightedSum(tableau.stageWeights, stages.map { $0 - y })
    return change.map { y + $0 } ?? y
  }
}
