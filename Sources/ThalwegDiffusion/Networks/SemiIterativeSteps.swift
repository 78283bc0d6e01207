import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// The inner steps of ``FastSemiIterative`` one by one, so that each may have weights of its own.
///
///     u₊ = αₗ (u + h f(t, u)) + (1 - αₗ) u₋,   αₗ = (4l + 2) / (2l + 3)
///
/// After so many steps the cycle begins anew, with u for u₋. Time passes evenly here, which is right for
/// networks and not for equations.
struct SemiIterativeSteps<Field: Dynamics>: Integrator, MultistepIntegrator {
  /// The last two states and the number of the step within its cycle.
  struct Pair: TensorTree {
    var current: Field.State
    var previous: Field.State
    var index: Tensor

    static var branches: Branches<Pair> { Branches(\.current, \.previous, \.index) }
  }

  let order = 1
  let cycle: Int

  func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Pair {
    Pair(
      current: y, previous: y,
      index: .zeros([], dtype: y.leaves.first?.dtype ?? .float64))
  }

  func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let weight = (4 * y.index + 2) / (2 * y.index + 3)
    let slope = f(t, y.current)
    let next = y.current.zipLeaves(y.previous) { weight * $0 + (1 - weight) * $1 }
      .zipLeaves(slope) { $0 + (weight * h) * $1 }
    let isLast = y.index .>= Tensor(Double(cycle - 1))
    return Pair(
      current: next, previous: next.zipLeaves(y.current) { select(isLast, $0, $1) },
      index: select(isLast, 0, y.index + 1))
  }

  func state(of carry: Pair) -> Field.State { carry.current }
}
