import Thalweg

/// The pair of orders 3 and 2 by Bogacki and Shampine, written out.
///
/// Between the ends of a step it is the cubic Hermite interpolant of states and slopes.
struct TestPair<Field: Dynamics>: EmbeddedIntegrator {
  struct Moving: TensorTree {
    var state: Field.State
    var slope: Field.State
    static var branches: Branches<Moving> { Branches(\.state, \.slope) }
  }

  let order = 3
  let errorOrder = 3

  func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Moving {
    Moving(state: y, slope: f(t, y))
  }

  func state(of carry: Moving) -> Field.State { carry.state }

  func attempt(
    _ f: Field, at t: Tensor, from y: Moving, by h: Tensor
  ) -> StepAttempt<Moving, Field.State, [Field.State]> {
    let k₁ = y.slope
    let k₂ = f(t + h * 0.5, y.state.adding(h, [0.5], [k₁]))
    let k₃ = f(t + h * 0.75, y.state.adding(h, [0.75], [k₂]))
    let next = y.state.adding(h, [2.0 / 9, 1.0 / 3, 4.0 / 9], [k₁, k₂, k₃])
    let k₄ = f(t + h, next)
    let zero = y.state.mapLeaves { .zeros($0.shape, dtype: $0.dtype) }
    let error = zero.adding(h, [-5.0 / 72, 1.0 / 12, 1.0 / 9, -1.0 / 8], [k₁, k₂, k₃, k₄])
    return StepAttempt(next: Moving(state: next, slope: k₄), error: error, dense: [])
  }

  func interpolate(
    _ dense: [Field.State], from y: Moving, to next: Moving, at x: Tensor, by h: Tensor
  ) -> Field.State {
    let rest = 1 - x
    let values = ((1 + 2 * x) * rest * rest) * y.state + (x * x * (3 - 2 * x)) * next.state
    return values + (h * x * rest * rest) * y.slope - (h * x * x * rest) * next.slope
  }
}

/// Heun's method with forward Euler, which carries the state alone.
struct PlainPair<Field: Dynamics>: EmbeddedIntegrator {
  let order = 2
  let errorOrder = 2

  func attempt(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> StepAttempt<Field.State, Field.State, [Field.State]> {
    let k₁ = f(t, y)
    let k₂ = f(t + h, y + h * k₁)
    let zero = y.mapLeaves { .zeros($0.shape, dtype: $0.dtype) }
    return StepAttempt(
      next: y.adding(h, [0.5, 0.5], [k₁, k₂]), error: zero.adding(h, [-0.5, 0.5], [k₁, k₂]),
      dense: [k₁, k₂])
  }

  func interpolate(
    _ k: [Field.State], from y: Field.State, to next: Field.State, at x: Tensor, by h: Tensor
  ) -> Field.State {
    y + (h * x * (1 - 0.5 * x)) * k[0] + (0.5 * h * x * x) * k[1]
  }
}
