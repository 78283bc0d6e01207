public import ThalwegDynamics
public import ThalwegTensors

/// The singly diagonally implicit Runge-Kutta method of order 2 with two stages, of Alexander.
///
///     Y = y + hγ f(t + γh, Y),   y₁ = y + h (1 - γ) f(t + γh, Y) + hγ f(t + h, y₁)
///     γ = 1 - 1/√2
///
/// - Order: 2.
/// - Stability: A- and L-stable.
/// - Cost: two systems of equations a step, with one matrix.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge.
/// - Source: R. Alexander, "Diagonally implicit Runge-Kutta methods for stiff O.D.E.'s", SIAM J.
///   Numer. Anal. 14 (1977), 1006-1021, doi:10.1137/0714068.
public struct SDIRK2<Field: Dynamics>: Integrator {
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
    let γ = 1 - 0.5.squareRoot()
    let stage = solver.stage(f, at: t + γ * h, near: y, from: y, by: h * γ)
    // The slope by what it did: an evaluation would multiply the errors of stiff components.
    let increment = Tensor(1 / γ) * (stage - y)
    let base = y + Tensor(1 - γ) * increment
    return solver.stage(f, at: t + h, near: base + Tensor(γ) * increment, from: base, by: h * γ)
  }
}
