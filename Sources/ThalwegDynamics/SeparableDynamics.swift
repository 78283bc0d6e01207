public import ThalwegTensors

/// Dynamics in which each half of the state moves by a function of the other.
///
///     q' = v(t, p),  p' = f(t, q)
///
/// Symplectic methods exploit it, and can undo their steps.
///
/// - Shapes: velocities have the shape of positions, forces that of momenta.
public protocol SeparableDynamics: Dynamics where State == PhasePoint {
  /// The rate at which the position changes.
  func velocity(_ t: Tensor, _ p: Tensor) -> Tensor
  /// The rate at which the momentum changes.
  func force(_ t: Tensor, _ q: Tensor) -> Tensor
}

extension SeparableDynamics {
  /// Velocity and force, as the rate at which the whole state changes.
  public func callAsFunction(_ t: Tensor, _ y: PhasePoint) -> PhasePoint {
    PhasePoint(q: velocity(t, y.p), p: force(t, y.q))
  }
}
