public import ThalwegDynamics
public import ThalwegTensors

/// Residual steps with momentum: the state follows a running mean of its slopes.
///
///     v₁ = γ v + (1 - γ) f(t, x)
///     x₁ = x + h v₁
///
/// With a field for each step this is a momentum residual network. Its steps can be undone, but the
/// division by γ amplifies rounding by 1/γ each time: 1e45 in a thousand steps with γ = 0.9. In exact
/// ``Arithmetic`` the bits that the multiplication loses are kept, log₂(1/γ) of them for each number
/// and step, and every bit of the state comes back:
///
///     let network = Flow(
///       stages: layers, over: 0...1, using: Momentum(0.9, arithmetic: .exact),
///       adjoint: ReversibleAdjoint())
///
/// - Order: 1: the mean lags behind the slope by h γ / (1 - γ).
/// - Stability: hλ in the real interval [-2 (1 + γ) / (1 - γ), 0], and no part of the imaginary axis.
/// - Cost: one evaluation a step, and one to begin with if the mean begins with the slope. In exact
///   arithmetic γ is taken as the nearest ratio n/d of whole numbers up to 1024, and its product is
///   changed by less than n points of the grid. The bits take ⌈steps / 342⌉ numbers for each one of
///   the state in double and ⌈steps / 156⌉ in single precision for γ = 0.9, and one more, all of which
///   a step passes over.
/// - Errors: traps where γ is not between 0 and 1.
/// - Source: M. Sander, P. Ablin, M. Blondel, G. Peyré, "Momentum Residual Neural Networks", ICML 2021,
///   arXiv:2102.07870; the exact product: D. Maclaurin, D. Duvenaud, R. Adams, "Gradient-based
///   Hyperparameter Optimization through Reversible Learning", ICML 2015, arXiv:1502.03492.
public struct Momentum<Field: Dynamics>: ReversibleIntegrator {
  /// How the mean of the slopes begins.
  public enum Start: Hashable, Sendable {
    /// v = 0, as networks have it.
    case rest
    /// v = f(t₀, x₀).
    case slope
  }

  /// The state, the mean of its slopes, and the bits that it has lost.
  public struct Motion: TensorTree {
    /// The state.
    public var position: Field.State
    /// The mean of the slopes.
    public var velocity: Field.State
    /// The bits; none in floating point.
    public var bits: BitBuffer

    public static var branches: Branches<Motion> { Branches(\.position, \.velocity, \.bits) }
  }

  public let order = 1
  /// How the mean of the slopes begins.
  public let startingFrom: Start
  private let factor: Damping

  /// Creates the method with a factor γ.
  public init(
    _ factor: Double = 0.9, start: Start = .rest, arithmetic: Arithmetic = .floating
  ) {
    self.factor = Damping(factor, arithmetic)
    startingFrom = start
  }

  public var arithmetic: Arithmetic { factor.arithmetic }

  /// The factor γ, in exact arithmetic the nearest ratio.
  public var damping: Double { factor.factor }

  public func start(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor, over steps: Int
  ) -> Motion {
    let position = y.mapLeaves(arithmetic.onGrid)
    let slope = startingFrom == .slope ? f(t, position).mapLeaves(arithmetic.onGrid) : nil
    return Motion(
      position: position,
      velocity: slope ?? position.mapLeaves { .zeros($0.shape, dtype: $0.dtype) },
      bits: factor.buffer(for: position.leaves, steps: steps))
  }

  /// What is carried into the first of at most 1000 steps.
  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Motion {
    start(f, at: t, from: y, by: h, over: 1_000)
  }

  public func step(_ f: Field, at t: Tensor, from y: Motion, by h: Tensor) -> Motion {
    let (damped, bits) = factor.damped(y.velocity.leaves, y.bits)
    let velocity = y.velocity.replacingLeaves(with: damped)
      .zipLeaves(f(t, y.position)) { arithmetic.moved($0, by: (1 - damping) * $1) }
    let position = y.position.zipLeaves(velocity) { arithmetic.moved($0, by: h * $1) }
    return Motion(position: position, velocity: velocity, bits: bits)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Motion, by h: Tensor) -> Motion {
    let position = y.position.zipLeaves(y.velocity) { arithmetic.movedBack($0, by: h * $1) }
    let damped = y.velocity.zipLeaves(f(t, position)) {
      arithmetic.movedBack($0, by: (1 - damping) * $1)
    }
    let (velocity, bits) = factor.undamped(damped.leaves, y.bits)
    return Motion(
      position: position, velocity: y.velocity.replacingLeaves(with: velocity), bits: bits)
  }

  public func state(of carry: Motion) -> Field.State { carry.position }

  public func limits(of carry: Motion) -> [Double] {
    (carry.position.leaves + carry.velocity.leaves).map { arithmetic.limit(for: $0.dtype) }
      + factor.limits(of: carry.bits)
  }
}
