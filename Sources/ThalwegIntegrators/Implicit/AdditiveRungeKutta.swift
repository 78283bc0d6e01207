public import ThalwegDynamics
public import ThalwegTensors

/// A pair of Runge-Kutta methods for the sum of a stiff part, which is stepped through implicitly, and
/// another one, explicitly.
///
///     Yᵢ = y + h Σⱼ (aᵢⱼ g(t + cⱼ h, Yⱼ) + âᵢⱼ f(t + cⱼ h, Yⱼ)),   y₁ = y + h Σ bᵢ (gᵢ + fᵢ)
///
///     let flow = Flow(
///       Split(explicit: reaction, implicit: diffusion), over: 0...1,
///       tolerance: .relative(1e-4, absolute: 1e-6), using: AdditiveRungeKutta(.kenCarp4))
///
/// - Order: that of the tableau; that of values between steps is at most 3, the cubic through both
///   ends and their slopes.
/// - Stability: that of ``DiagonallyImplicitRungeKutta`` for the stiff part alone, and that of an
///   explicit method for the other.
/// - Cost: a system of equations a stage but the first, in the stiff part alone; an evaluation of the
///   other part a stage, and one more of the stiff one.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge, or takes a
///   shorter step if it controls them.
/// - Source: C. A. Kennedy, M. H. Carpenter, "Additive Runge-Kutta schemes for
///   convection-diffusion-reaction equations", Appl. Numer. Math. 44 (2003), 139-181,
///   doi:10.1016/S0168-9274(02)00138-1.
public struct AdditiveRungeKutta<Field: SplitDynamics>: EmbeddedIntegrator {
  /// The coefficients.
  public let tableau: AdditiveTableau
  private var solver: StageSolver<Field.State>

  /// Creates the method of a tableau.
  public init(
    _ tableau: AdditiveTableau, solver: NewtonKrylov = NewtonKrylov(),
    preconditioner: StagePreconditioner<Field.State>? = nil
  ) {
    self.tableau = tableau
    self.solver = StageSolver(newton: solver, preconditioner: preconditioner)
  }

  public var order: Int { tableau.order }
  public var errorOrder: Int { tableau.implicit.errorOrder }

  public func attempt(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> StepAttempt<Field.State, Field.State, [Field.State]> {
    let implicit = tableau.implicit
    let factor = h * implicit.diagonal
    var explicitSlopes = [f.explicit(t, y)]
    var implicitSlopes = [f.implicit(t, y)]
    for (index, node) in implicit.c.enumerated().dropFirst() {
      let time = time(t, plus: node, of: h)
      let base = y.stepped(
        by: h, tableau.explicit[index] + implicit.a[index].dropLast(),
        explicitSlopes + implicitSlopes)
      let guess = base.stepped(by: factor, slopeWeights(at: index, of: implicit.c), implicitSlopes)
      let stage = solver.stage(f.implicit, at: time, near: guess, from: base, by: factor)
      implicitSlopes.append((1 / factor) * (stage - base))
      explicitSlopes.append(f.explicit(time, stage))
    }
    let slopes = zip(explicitSlopes, implicitSlopes).map { $0 + $1 }
    let next = y.stepped(by: h, implicit.b, slopes)
    let error = weightedSum(implicit.error.weights, slopes).map { h * $0 } ?? y.zero
    return StepAttempt(next: next, error: error, dense: [slopes[0], f(t + h, next)])
  }

  public func interpolate(
    _ dense: [Field.State], from y: Field.State, to next: Field.State, at part: Tensor, by h: Tensor
  ) -> Field.State {
    hermite(
      from: MovingState(state: y, slope: dense[0]), to: MovingState(state: next, slope: dense[1]),
      at: part, by: h)
  }
}

extension AdditiveRungeKutta: StepSolving {
  package func following(_ steps: Tolerance) -> Self {
    var method = self
    method.solver = solver.following(steps)
    return method
  }
}
