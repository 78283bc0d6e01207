public import ThalwegDynamics
public import ThalwegTensors

/// The Radau IIA method of order 5, which collocates at three nodes, the last at the end of the step.
///
///     Yᵢ = y + h Σⱼ aᵢⱼ f(t + cⱼ h, Yⱼ),   y₁ = Y₃
///     error = (1 - hγJ)⁻¹ (hγ f(t, y) + γ Σ eᵢ (Yᵢ - y))
///
///     let flow = Flow(
///       f, over: 0...1e4, tolerance: .relative(1e-8, absolute: 1e-12), using: RadauIIA5())
///
/// The error is the difference from a method of order 3 that uses the slope at the beginning too,
/// where 1/γ is the real eigenvalue of the inverse of `a`. Between steps the state is the collocation
/// polynomial.
///
/// - Order: 5, that of the error estimate 3; 3 between steps.
/// - Stability: A- and L-stable; steps through contractive dynamics contract.
/// - Cost: one system of equations a step, of three times the size, one linear one for the error, and
///   one evaluation to begin with.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge, or takes a
///   shorter step if it controls them.
/// - Source: E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", Springer, 1996,
///   doi:10.1007/978-3-642-05221-7, section IV.8.
public struct RadauIIA5<Field: Dynamics>: EmbeddedIntegrator {
  /// What is carried from step to step.
  public typealias Carry = MovingState<Field.State>

  public let order = 5
  public let errorOrder = 4
  private var solver: StageSolver<Field.State>

  /// Creates the method.
  public init(
    solver: NewtonKrylov = NewtonKrylov(),
    preconditioner: StagePreconditioner<Field.State>? = nil
  ) {
    self.solver = StageSolver(newton: solver, preconditioner: preconditioner)
  }

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Carry {
    MovingState(state: y, slope: f(t, y))
  }

  public func state(of carry: Carry) -> Field.State { carry.state }

  public func attempt(
    _ f: Field, at t: Tensor, from carry: Carry, by h: Tensor
  ) -> StepAttempt<Carry, Field.State, [Field.State]> {
    let tableau = CollocationTableau.radauIIA5
    let y = carry.state
    let stages = solver.stages(
      f, at: tableau.c.map { time(t, plus: $0, of: h) },
      near: tableau.c.map { y.stepped(by: h, [$0], [carry.slope]) }, from: y, by: h, tableau.a)
    let increments = stages.map { $0 - y }
    let slope = weightedSum(tableau.inverse[2], increments).map { (1 / h) * $0 } ?? carry.slope
    let estimate = RadauEstimate()
    let difference = weightedSum(estimate.weights, increments) ?? y.zero
    let error = solver.filtered(
      difference + h * estimate.γ * carry.slope, f, at: t, y, by: h * estimate.γ)
    return StepAttempt(
      next: MovingState(state: stages[2], slope: slope), error: error, dense: increments)
  }

  public func interpolate(
    _ dense: [Field.State], from carry: Carry, to next: Carry, at part: Tensor, by h: Tensor
  ) -> Field.State {
    var y = carry.state
    for (polynomial, increment) in zip(CollocationTableau.radauIIA5.dense, dense) {
      guard let weight = denseWeight(polynomial, at: part) else { continue }
      y = y.zipLeaves(increment) { $0 + weight * $1 }
    }
    return y
  }
}

extension RadauIIA5: StepSolving {
  package func following(_ steps: Tolerance) -> Self {
    var method = self
    method.solver = solver.following(steps)
    return method
  }
}

/// The estimate of the error of Radau IIA of order 5, as weights of h f(t, y) and of Yᵢ - y.
package struct RadauEstimate {
  /// The real eigenvalue of the coefficients.
  package let γ: Double
  /// The weights of the increments of the stages.
  package let weights: [Double]

  package init() {
    let (root, cubeRoot) = (6.0.squareRoot(), 9.0.cubeRoot)
    let γ = 1 / (3 + cubeRoot - 3 / cubeRoot)
    self.γ = γ
    weights = [-13 - 7 * root, -13 + 7 * root, -1].map { γ * $0 / 3 }
  }
}

extension Double {
  /// The real cube root, by Newton's method.
  fileprivate var cubeRoot: Double {
    (0..<60).reduce(self) { root, _ in root - (root - self / (root * root)) / 3 }
  }
}
