public import ThalwegDynamics
public import ThalwegTensors

/// The Störmer-Verlet method: kick, drift, kick.
///
/// One step of size h through the separable dynamics q' = v(t, p), p' = f(t, q) is
///
///     p½ = p  + h/2 · f(t, q)
///     q₁ = q  + h · v(t + h/2, p½)
///     p₁ = p½ + h/2 · f(t + h, q₁)
///
/// Each line moves one variable by a function of the other. A step is therefore symplectic when
/// the dynamics are Hamiltonian, and ``unstep(_:at:from:by:)`` undoes it exactly up to rounding,
/// so a ``ReversibleAdjoint`` trains through any number of steps in the memory of one.
///
///     let flow = Flow(
///       orbit, over: 0...100, steps: 1_000, using: Verlet(), adjoint: ReversibleAdjoint())
///     let end = try flow(PhasePoint(q: [1, 0], p: [0, 1]))
///
/// In exact ``Arithmetic`` every bit comes back when steps are undone:
///
///     Verlet(arithmetic: .exact)
///
/// It is also known as leapfrog; ``Leapfrog`` here is the two-step form for y'' = f.
///
/// - Order: 2, with an energy error that stays bounded instead of growing with time.
/// - Stability: h·ω < 2 for an oscillator of angular frequency ω.
/// - Cost: two forces and one velocity a step.
/// - Shapes: `q` and `p` are alike, `[batch..., n]` or `[batch, channels, height, width]`.
/// - Errors: traps while tracing if a force or velocity changes the shape. Steps too long for
///   the dynamics show as non-finite values, which the flow reports.
/// - Source: E. Hairer, C. Lubich, G. Wanner, "Geometric numerical integration illustrated by
///   the Störmer-Verlet method", Acta Numerica 12 (2003), 399-450,
///   doi:10.1017/S0962492902000144.
public struct Verlet<Field: SeparableDynamics>: ReversibleIntegrator {
  public let order = 2
  public let arithmetic: Arithmetic

  /// Creates the method.
  public init(arithmetic: Arithmetic = .floating) { self.arithmetic = arithmetic }

  public func start(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    y.mapLeaves(arithmetic.onGrid)
  }

  public func step(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    let p = arithmetic.moved(y.p, by: h / 2 * f.force(t, y.q))
    let q = arithmetic.moved(y.q, by: h * f.velocity(t + h / 2, p))
    let kick = h / 2 * f.force(t + h, q)
    return PhasePoint(q: q, p: arithmetic.moved(p, by: kick, isInside: true))
  }

  // The lines of `step` in reverse order, each with its sign changed.
  public func unstep(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    let p = arithmetic.movedBack(y.p, by: h / 2 * f.force(t + h, y.q))
    let q = arithmetic.movedBack(y.q, by: h * f.velocity(t + h / 2, p))
    return PhasePoint(q: q, p: arithmetic.movedBack(p, by: h / 2 * f.force(t, q)))
  }
}
