public import ThalwegDynamics
public import ThalwegTensors

/// The symplectic Euler method: one half of the state moves first, the other follows it.
///
///     kick, drift:   p₁ = p + h f(t, q),      q₁ = q + h v(t + h, p₁)
///     drift, kick:   q₁ = q + h v(t, p),      p₁ = p + h f(t + h, q₁)
///
/// The second form, with q and p the two halves of the channels, is the discretisation of
/// Hamiltonian networks.
///
/// - Order: 1, with an energy error that stays bounded.
/// - Stability: h·ω < 2 for an oscillator of angular frequency ω.
/// - Cost: one force and one velocity a step.
/// - Source: E. Hairer, C. Lubich, G. Wanner, "Geometric Numerical Integration", Springer, 2006,
///   doi:10.1007/3-540-30666-8, section VI.3.
public struct SymplecticEuler<Field: SeparableDynamics>: ReversibleIntegrator {
  /// Which half of the state moves first.
  public enum Variant: Hashable, Sendable {
    /// The momentum, by the old position.
    case kickDrift
    /// The position, by the old momentum.
    case driftKick
  }

  public let order = 1
  /// Which half of the state moves first.
  public let variant: Variant

  public let arithmetic: Arithmetic

  /// Creates the method.
  public init(_ variant: Variant = .kickDrift, arithmetic: Arithmetic = .floating) {
    self.variant = variant
    self.arithmetic = arithmetic
  }

  public func start(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    y.mapLeaves(arithmetic.onGrid)
  }

  public func step(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    switch variant {
    case .kickDrift:
      let p = arithmetic.moved(y.p, by: h * f.force(t, y.q))
      return PhasePoint(q: arithmetic.moved(y.q, by: h * f.velocity(t + h, p)), p: p)
    case .driftKick:
      let q = arithmetic.moved(y.q, by: h * f.velocity(t, y.p))
      return PhasePoint(q: q, p: arithmetic.moved(y.p, by: h * f.force(t + h, q)))
    }
  }

  public func unstep(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    switch variant {
    case .kickDrift:
      let q = arithmetic.movedBack(y.q, by: h * f.velocity(t + h, y.p))
      return PhasePoint(q: q, p: arithmetic.movedBack(y.p, by: h * f.force(t, q)))
    case .driftKick:
      let p = arithmetic.movedBack(y.p, by: h * f.force(t + h, y.q))
      return PhasePoint(q: arithmetic.movedBack(y.q, by: h * f.velocity(t, p)), p: p)
    }
  }
}
