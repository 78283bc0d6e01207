import Thalweg

/// Verlet with single faults that a catalogue of methods must not let pass.
struct FaultyVerlet: ReversibleIntegrator {
  enum Fault: CaseIterable, Sendable {
    /// The second force at the old time.
    case lateForce
    /// A step back that kicks the wrong way.
    case wrongWayBack
    /// A step back that takes the time of the step forth.
    case wrongTimeBack
    /// A loss of energy of one part in a million a step.
    case friction
    /// An evaluation of which nothing is used but 0 times its value.
    case idleForce
    /// A derivative that is cut off.
    case lostDerivative
  }

  typealias Field = SeparableODE

  let order = 2
  let fault: Fault

  func step(_ f: SeparableODE, at t: Tensor, from y: PhasePoint, by h: Tensor) -> PhasePoint {
    let position = fault == .lostDerivative ? stopGradient(y.q) : y.q
    let p = y.p + h / 2 * f.force(t, position)
    let q = y.q + h * f.velocity(t + h / 2, p)
    let end = p + h / 2 * f.force(fault == .lateForce ? t : t + h, q)
    switch fault {
    case .friction: return PhasePoint(q: q, p: (1 - 1e-6) * end)
    case .idleForce: return PhasePoint(q: q, p: end + 0 * f.force(t, 2 * q))
    default: return PhasePoint(q: q, p: end)
    }
  }

  func unstep(_ f: SeparableODE, at t: Tensor, from y: PhasePoint, by h: Tensor) -> PhasePoint {
    let end = fault == .friction ? y.p / (1 - 1e-6) : y.p
    let p = end - h / 2 * f.force(fault == .lateForce ? t : t + h, y.q)
    let q = y.q - h * f.velocity(fault == .wrongTimeBack ? t : t + h / 2, p)
    let kick = h / 2 * f.force(t, q)
    return PhasePoint(q: q, p: fault == .wrongWayBack ? p + kick : p - kick)
  }
}
