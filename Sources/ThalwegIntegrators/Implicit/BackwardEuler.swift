public import ThalwegDynamics
public import ThalwegTensors

/// The backward Euler method, also known as implicit Euler.
///
///     y₁ = y + h f(t + h, y₁)
///
///     let stiff = Flow(f, over: 0...1, steps: 10, using: BackwardEuler())
///
/// - Order: 1.
/// - Stability: A- and L-stable; steps through contractive dynamics contract, however long.
/// - Cost: a system of equations a step.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge.
/// - Source: E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", Springer, 1996,
///   doi:10.1007/978-3-642-05221-7, section IV.3.
public struct BackwardEuler<Field: Dynamics>: Integrator {
  public let order = 1
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
    solver.stage(f, at: t + h, near: y, from: y, by: h)
  }
}
