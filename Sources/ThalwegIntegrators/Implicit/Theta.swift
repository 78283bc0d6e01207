public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The θ method, between forward and backward Euler.
///
///     y₁ = y + h (1 - θ) f(t, y) + h θ f(t + h, y₁)
///
/// - Order: 2 for θ = 1/2, which is ``Trapezoid``, 1 otherwise.
/// - Stability: A-stable for θ ≥ 1/2, with |R(∞)| = (1 - θ)/θ; L-stable for θ = 1, which is
///   ``BackwardEuler``. For θ < 1/2 the real interval [-2/(1 - 2θ), 0] and no part of the imaginary
///   axis.
/// - Cost: a system of equations a step, and an evaluation where θ < 1.
/// - Errors: traps where θ is not in (0, 1]; a flow throws ``IntegrationError`` where Newton's method
///   does not converge.
/// - Source: E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", Springer, 1996,
///   doi:10.1007/978-3-642-05221-7, section IV.3.
public struct Theta<Field: Dynamics>: Integrator {
  /// The weight of the slope at the end.
  public let weight: Double
  private let solver: StageSolver<Field.State>

  /// Creates the method of a weight.
  public init(
    _ θ: Double, solver: NewtonKrylov = NewtonKrylov(),
    preconditioner: StagePreconditioner<Field.State>? = nil
  ) {
    require(θ > 0 && θ <= 1, "theta method: \(θ) is not in (0, 1]")
    weight = θ
    self.solver = StageSolver(newton: solver, preconditioner: preconditioner)
  }

  public var order: Int { weight == 0.5 ? 2 : 1 }

  public func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    let base = weight == 1 ? y : y + h * (1 - weight) * f(t, y)
    return solver.stage(f, at: t + h, near: y, from: base, by: h * weight)
  }
}
