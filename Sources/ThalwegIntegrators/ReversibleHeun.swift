public import ThalwegDynamics
public import ThalwegTensors

/// The reversible Heun method, which carries an auxiliary state beside the state.
///
///     ŷ₁ = 2y - ŷ + h f(t, ŷ)
///     y₁ = y + h/2 (f(t, ŷ) + f(t + h, ŷ₁))
///
/// - Order: 2.
/// - Stability: hλ on the imaginary axis with |hλ| < 1 only; dissipative dynamics make it grow.
/// - Cost: two evaluations a step.
/// - Source: P. Kidger, J. Foster, X. Li, T. Lyons, "Efficient and Accurate Gradients for Neural
///   SDEs", NeurIPS 2021, arXiv:2105.13493.
public struct ReversibleHeun<Field: Dynamics>: ReversibleIntegrator {
  /// The state and its companion.
  public struct Pair: TensorTree {
    /// The state.
    public var current: Field.State
    /// The auxiliary state at which slopes are evaluated.
    public var auxiliary: Field.State

    public static var branches: Branches<Pair> { Branches(\.current, \.auxiliary) }
  }

  public let order = 2

  /// Creates the method.
  public init() {}

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Pair {
    Pair(current: y, auxiliary: y)
  }

  public func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let slope = f(t, y.auxiliary)
    let auxiliary = Tensor(2) * y.current - y.auxiliary + h * slope
    return Pair(
      current: y.current + h / 2 * (slope + f(t + h, auxiliary)), auxiliary: auxiliary)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let slope = f(t + h, y.auxiliary)
    let auxiliary = Tensor(2) * y.current - y.auxiliary - h * slope
    return Pair(
      current: y.current - h / 2 * (slope + f(t, auxiliary)), auxiliary: auxiliary)
  }

  public func state(of carry: Pair) -> Field.State { carry.current }
}
