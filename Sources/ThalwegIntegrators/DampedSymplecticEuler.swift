public import ThalwegDynamics
public import ThalwegTensors

/// The symplectic Euler method with friction: momentum loses a fixed part in each step.
///
///     p₁ = γ p + h f(t, q)
///     q₁ = q + h v(t + h, p₁)
///
/// Steps of length h so follow q' = v(p), p' = f(q) - c p with c = -ln γ / h, and shrink areas of phase
/// space by γ as that flow does. They can be undone, but the division by γ amplifies rounding each
/// time. In exact ``Arithmetic`` the bits that the multiplication loses are kept, and every bit of the
/// state comes back:
///
///     let flow = Flow(
///       pendulum, over: 0...100, steps: 1000,
///       using: DampedSymplecticEuler(0.99, arithmetic: .exact), adjoint: ReversibleAdjoint())
///
/// - Order: 1, as an approximation of the equation with friction c.
/// - Stability: h·ω < √(2 (1 + γ)) for an oscillator of angular frequency ω.
/// - Cost: one force and one velocity a step. In exact arithmetic γ is taken as the nearest ratio of
///   whole numbers up to 1024, and momenta have a ``BitBuffer``, as in ``Momentum``.
/// - Errors: traps where γ is not between 0 and 1.
/// - Source: R. I. McLachlan, M. Perlmutter, "Conformal Hamiltonian Systems", J. Geom. Phys. 39 (2001),
///   276-300; the exact product as in ``Momentum``.
public struct DampedSymplecticEuler<Field: SeparableDynamics>: ReversibleIntegrator {
  /// The state and the bits that its momentum has lost.
  public struct Motion: TensorTree {
    /// Position and momentum.
    public var point: PhasePoint
    /// The bits; none in floating point.
    public var bits: BitBuffer

    public static var branches: Branches<Motion> { Branches(\.point, \.bits) }
  }

  public let order = 1
  private let factor: Damping

  /// Creates the method with a factor γ.
  public init(_ factor: Double, arithmetic: Arithmetic = .floating) {
    self.factor = Damping(factor, arithmetic)
  }

  public var arithmetic: Arithmetic { factor.arithmetic }

  /// The factor γ, in exact arithmetic the nearest ratio.
  public var damping: Double { factor.factor }

  public func start(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor, over steps: Int
  ) -> Motion {
    Motion(
      point: y.mapLeaves(arithmetic.onGrid), bits: factor.buffer(for: [y.p], steps: steps))
  }

  /// What is carried into the first of at most 1000 steps.
  public func start(_ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor) -> Motion {
    start(f, at: t, from: y, by: h, over: 1_000)
  }

  public func step(_ f: Field, at t: Tensor, from y: Motion, by h: Tensor) -> Motion {
    let (damped, bits) = factor.damped([y.point.p], y.bits)
    let p = arithmetic.moved(damped[0], by: h * f.force(t, y.point.q))
    let q = arithmetic.moved(y.point.q, by: h * f.velocity(t + h, p))
    return Motion(point: PhasePoint(q: q, p: p), bits: bits)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Motion, by h: Tensor) -> Motion {
    let q = arithmetic.movedBack(y.point.q, by: h * f.velocity(t + h, y.point.p))
    let damped = arithmetic.movedBack(y.point.p, by: h * f.force(t, q))
    let (p, bits) = factor.undamped([damped], y.bits)
    return Motion(point: PhasePoint(q: q, p: p[0]), bits: bits)
  }

  public func state(of carry: Motion) -> PhasePoint { carry.point }

  public func limits(of carry: Motion) -> [Double] {
    carry.point.leaves.map { arithmetic.limit(for: $0.dtype) } + factor.limits(of: carry.bits)
  }
}
