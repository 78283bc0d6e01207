public import ThalwegDynamics
public import ThalwegTensors

/// The two-step midpoint rule for equations of first order, begun by a step of forward Euler.
///
///     y₊ = y₋ + 2h f(t, y)
///
/// Not to be confused with ``Verlet`` and ``Leapfrog``, which are for separable dynamics and for
/// equations of second order.
///
/// - Order: 2.
/// - Stability: hλ on the imaginary axis with |hλ| < 1 only; dissipative dynamics make it grow.
/// - Cost: one evaluation a step, and one to begin with.
/// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
///   Springer, 1993, doi:10.1007/978-3-540-78862-1, section III.3.
public struct LeapfrogMidpoint<Field: Dynamics>: ReversibleIntegrator {
  /// The last two states.
  public struct Pair: TensorTree {
    /// The state at the current time.
    public var current: Field.State
    /// The state one step before.
    public var previous: Field.State

    public static var branches: Branches<Pair> { Branches(\.current, \.previous) }
  }

  public let order = 2

  /// Creates the method.
  public init() {}

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Pair {
    // A step of forward Euler, written as the state it implies one step earlier.
    Pair(current: y, previous: y - h * f(t, y))
  }

  public func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    Pair(current: y.previous + (2 * h) * f(t, y.current), previous: y.current)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    Pair(current: y.previous, previous: y.current - (2 * h) * f(t, y.previous))
  }

  public func state(of carry: Pair) -> Field.State { carry.current }
}
