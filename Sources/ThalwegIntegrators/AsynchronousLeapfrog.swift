public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The asynchronous leapfrog method (ALF), which carries a velocity beside the state.
///
///     k  = z + h/2 v
///     v₁ = v + 2η (f(t + h/2, k) - v)
///     z₁ = k + h/2 v₁
///
/// With η = 1 the velocity is reflected in the slope; with η < 1 it is damped towards it.
///
/// - Order: 2 for η = 1, 1 otherwise.
/// - Stability: η = 1: the imaginary axis with |hλ| < 1 only. η < 1: the real interval
///   [-2(1 - η)/η, 0], and no part of the imaginary axis.
/// - Cost: one evaluation a step, and one to begin with.
/// - Errors: traps where η is not in (0, 1] or is 1/2, for which a step cannot be undone.
/// - Source: J. Zhuang, N. Dvornek, S. Tatikonda, J. Duncan, "MALI: A memory efficient and reverse
///   accurate integrator for Neural ODEs", ICLR 2021, arXiv:2102.04668.
public struct AsynchronousLeapfrog<Field: Dynamics>: ReversibleIntegrator {
  /// The state and its velocity.
  public struct Pair: TensorTree {
    /// The state.
    public var position: Field.State
    /// The velocity that is carried along.
    public var velocity: Field.State

    public static var branches: Branches<Pair> { Branches(\.position, \.velocity) }
  }

  /// How far the velocity moves through the slope.
  public let damping: Double

  /// Creates the method with a damping η.
  public init(damping: Double = 1) {
    require(
      damping > 0 && damping <= 1 && damping != 0.5,
      "asynchronous leapfrog: damping \(damping) is not in (0, 1] without 1/2")
    self.damping = damping
  }

  public var order: Int { damping == 1 ? 2 : 1 }

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Pair {
    Pair(position: y, velocity: f(t, y))
  }

  public func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let middle = y.position + h / 2 * y.velocity
    let slope = f(t + h / 2, middle)
    let velocity = Tensor(2 * damping) * slope + Tensor(1 - 2 * damping) * y.velocity
    return Pair(position: middle + h / 2 * velocity, velocity: velocity)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let middle = y.position - h / 2 * y.velocity
    let slope = f(t + h / 2, middle)
    let factor = 1 / (2 * damping - 1)
    let velocity = Tensor(2 * damping * factor) * slope - Tensor(factor) * y.velocity
    return Pair(position: middle - h / 2 * velocity, velocity: velocity)
  }

  public func state(of carry: Pair) -> Field.State { carry.position }
}
