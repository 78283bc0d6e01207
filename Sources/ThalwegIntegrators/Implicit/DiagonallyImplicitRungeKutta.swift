public import ThalwegDynamics
public import ThalwegTensors

/// A diagonally implicit Runge-Kutta method with an explicit first stage, given by its tableau.
///
///     Yᵢ = y + h Σⱼ aᵢⱼ kⱼ with j up to i,   kᵢ = f(t + cᵢ h, Yᵢ),   y₁ = Yₛ
///
///     let flow = Flow(
///       f, over: 0...40, tolerance: .relative(1e-6, absolute: 1e-9),
///       using: DiagonallyImplicitRungeKutta(.kenCarp4))
///
/// The first slope is the last one of the step before. Slopes are what stages did, (Yᵢ - ...)/(hγ): an
/// evaluation would multiply the errors that the solver leaves in stiff components. A stage begins at
/// the line through the slopes that are nearest in time.
///
/// - Order: that of the tableau; that of values between steps is at most 3, the cubic through both
///   ends and their slopes.
/// - Stability: A- and L-stable for all tableaus of the library.
/// - Cost: a system of equations a stage but the first, all with the same diagonal coefficient, and
///   one evaluation to begin with.
/// - Errors: a flow throws ``IntegrationError`` where Newton's method does not converge, or takes a
///   shorter step if it controls them.
/// - Source: C. A. Kennedy, M. H. Carpenter, "Diagonally implicit Runge-Kutta methods for ordinary
///   differential equations. A review", NASA/TM-2016-219173, 2016.
public struct DiagonallyImplicitRungeKutta<Field: Dynamics>: EmbeddedIntegrator {
  /// What is carried from step to step.
  public typealias Carry = MovingState<Field.State>

  /// The coefficients.
  public let tableau: DiagonallyImplicitTableau
  private var solver: StageSolver<Field.State>

  /// Creates the method of a tableau.
  public init(
    _ tableau: DiagonallyImplicitTableau, solver: NewtonKrylov = NewtonKrylov(),
    preconditioner: StagePreconditioner<Field.State>? = nil
  ) {
    self.tableau = tableau
    self.solver = StageSolver(newton: solver, preconditioner: preconditioner)
  }

  public var order: Int { tableau.order }
  public var errorOrder: Int { tableau.errorOrder }

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Carry {
    MovingState(state: y, slope: f(t, y))
  }

  public func state(of carry: Carry) -> Field.State { carry.state }

  public func attempt(
    _ f: Field, at t: Tensor, from carry: Carry, by h: Tensor
  ) -> StepAttempt<Carry, Field.State, [Field.State]> {
    let factor = h * tableau.diagonal
    var slopes = [carry.slope]
    var next = carry
    for (index, node) in tableau.c.enumerated().dropFirst() {
      let base = carry.state.stepped(by: h, tableau.a[index].dropLast(), slopes)
      let guess = base.stepped(by: factor, slopeWeights(at: index, of: tableau.c), slopes)
      let stage = solver.stage(
        f, at: time(t, plus: node, of: h), near: guess, from: base, by: factor)
      slopes.append((1 / factor) * (stage - base))
      next = MovingState(state: stage, slope: slopes[index])
    }
    var error = weightedSum(tableau.error.weights, slopes).map { h * $0 } ?? carry.state.zero
    if tableau.filtersError {
      error = solver.filtered(error, f, at: t, carry.state, by: factor)
    }
    return StepAttempt(next: next, error: error, dense: [])
  }

  public func interpolate(
    _ dense: [Field.State], from carry: Carry, to next: Carry, at part: Tensor, by h: Tensor
  ) -> Field.State {
    hermite(from: carry, to: next, at: part, by: h)
  }
}

extension DiagonallyImplicitRungeKutta: StepSolving {
  package func following(_ steps: Tolerance) -> Self {
    var method = self
    method.solver = solver.following(steps)
    return method
  }
}

/// The weights with which earlier slopes give the line on which the slope of a stage is looked for.
func slopeWeights(at index: Int, of nodes: [Double]) -> [Double] {
  var weights = [Double](repeating: 0, count: index)
  let byDistance = (0..<index).sorted {
    // The later of two stages at one time is the better one.
    let (a, b) = (abs(nodes[$0] - nodes[index]), abs(nodes[$1] - nodes[index]))
    return a == b ? $0 > $1 : a < b
  }
  let nearest = byDistance[0]
  weights[nearest] = 1
  if let other = byDistance.first(where: { abs(nodes[$0] - nodes[nearest]) > 0.05 }) {
    let part = (nodes[index] - nodes[nearest]) / (nodes[other] - nodes[nearest])
    weights[nearest] = 1 - part
    weights[other] = part
  }
  return weights
}

/// The cubic through both ends of a step with the slopes there.
func hermite<State>(
  from carry: MovingState<State>, to next: MovingState<State>, at θ: Tensor, by h: Tensor
) -> State {
  let rest = 1 - θ
  let change = θ * θ * (3 - 2 * θ) * (next.state - carry.state)
  let bend = θ * rest * (rest * carry.slope - θ * next.slope)
  return carry.state + change + h * bend
}
