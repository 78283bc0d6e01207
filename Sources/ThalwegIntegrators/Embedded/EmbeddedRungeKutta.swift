public import ThalwegDynamics
public import ThalwegTensors

/// An explicit Runge-Kutta method with an estimate of its error, given by its tableau.
///
///     kᵢ = f(t + cᵢ h, y + h Σⱼ aᵢⱼ kⱼ),   y₁ = y + h Σ bᵢ kᵢ,   error = h Σ eᵢ kᵢ
///
///     let flow = Flow(
///       f, over: 0...1, tolerance: .relative(1e-6, absolute: 1e-8),
///       using: EmbeddedRungeKutta(.tsitouras5))
///
/// The slope at the end of a step is the first of the next. Where a tableau has two estimates of
/// the error, of orders p > q, they are combined component by component so that the result falls
/// like the error of the method itself:
///
///     error = e |e| / √(e² + (ê / 10)²)
///
/// With a fixed number of steps the error is not computed.
///
/// - Order: that of the tableau, also with the values between steps.
/// - Stability: |R(hλ)| ≤ 1, where R(z) = 1 + z bᵀ (1 - zA)⁻¹ 1 is a polynomial.
/// - Cost: one evaluation a stage, one to begin with, and those that the tableau adds for values
///   between steps.
/// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
///   Springer, 1993, doi:10.1007/978-3-540-78862-1, sections II.4, II.6 and II.10.
public struct EmbeddedRungeKutta<Field: Dynamics>: EmbeddedIntegrator {
  /// What is carried from step to step.
  public typealias Carry = MovingState<Field.State>

  /// The coefficients.
  public let tableau: EmbeddedTableau

  /// Creates the method of a tableau.
  public init(_ tableau: EmbeddedTableau) { self.tableau = tableau }

  public var order: Int { tableau.order }
  public var errorOrder: Int { tableau.errorOrder }

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Carry {
    MovingState(state: y, slope: f(t, y))
  }

  public func state(of carry: Carry) -> Field.State { carry.state }

  public func attempt(
    _ f: Field, at t: Tensor, from carry: Carry, by h: Tensor
  ) -> StepAttempt<Carry, Field.State, [Field.State]> {
    var slopes = [carry.slope]
    var next = carry
    for (row, node) in zip(tableau.a, tableau.c).dropFirst() {
      let y = carry.state.stepped(by: h, row, slopes)
      let slope = f(time(t, plus: node, of: h), y)
      if slopes.count == tableau.stages { next = MovingState(state: y, slope: slope) }
      slopes.append(slope)
    }
    let errors = tableau.errors.map { estimate in
      weightedSum(estimate.weights, slopes).map { h * $0 } ?? carry.state.zero
    }
    return StepAttempt(
      next: next, error: errors.count == 2 ? combined(errors[0], errors[1]) : errors[0],
      dense: innerSlopes.map { slopes[$0] })
  }

  public func interpolate(
    _ dense: [Field.State], from carry: Carry, to next: Carry, at part: Tensor, by h: Tensor
  ) -> Field.State {
    let ends = [(0, carry.slope), (tableau.stages, next.slope)]
    var y = carry.state
    for (index, slope) in ends + Array(zip(innerSlopes, dense)) {
      guard let weight = denseWeight(tableau.dense[index], at: part) else { continue }
      let factor = h * weight
      y = y.zipLeaves(slope) { $0 + factor * $1 }
    }
    return y
  }

  /// The slopes that matter between the ends of a step, beside those at the ends.
  private var innerSlopes: [Int] {
    tableau.dense.indices.filter { index in
      index != 0 && index != tableau.stages && tableau.dense[index].contains { $0 != 0 }
    }
  }

  private func combined(_ error: Field.State, _ other: Field.State) -> Field.State {
    // As a quotient, which neither underflows nor divides 0 by 0.
    error.zipLeaves(other) { e, ê in
      e / sqrt(1 + square(0.1 * ê / max(abs(e), 1e-37)))
    }
  }
}
