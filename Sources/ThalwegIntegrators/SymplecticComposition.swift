public import ThalwegDynamics
public import ThalwegTensors

/// Störmer-Verlet steps of different sizes, one after the other, some of them backwards.
///
/// The steps γ₁h, …, γₛh add up to h. With the right sizes their errors cancel, which raises the order;
/// the method stays symplectic and symmetric:
///
///     let flow = Flow(
///       orbit, over: 0...100, steps: 500, using: SymplecticComposition(.yoshida6))
///
/// The kicks between two steps are one. In exact ``Arithmetic`` every bit comes back when steps are
/// undone, as with ``Verlet``.
///
/// - Order: 4 for `forestRuth` and `suzuki4`, 6 for `yoshida6`, with an energy error that stays bounded.
/// - Stability: h·ω < 1.5734, 2.7210 and 2.2691 for an oscillator of angular frequency ω.
/// - Cost: as many velocities a step as it has parts, 3, 5 and 7, and one force more.
/// - Shapes: `q` and `p` are alike.
/// - Source: E. Forest, R. D. Ruth, "Fourth-order symplectic integration", Physica D 43 (1990),
///   doi:10.1016/0167-2789(90)90019-L; M. Suzuki, "Fractal decomposition of exponential operators",
///   Phys. Lett. A 146 (1990), doi:10.1016/0375-9601(90)90962-N; H. Yoshida, "Construction of higher
///   order symplectic integrators", Phys. Lett. A 150 (1990), doi:10.1016/0375-9601(90)90092-3, whose
///   solution A was computed to more digits.
public struct SymplecticComposition<Field: SeparableDynamics>: ReversibleIntegrator {
  /// The sizes of the parts of a step.
  public enum Scheme: String, Hashable, Sendable, CaseIterable {
    /// Three parts: 1 / (2 - 2^⅓), -2^⅓ / (2 - 2^⅓), 1 / (2 - 2^⅓).
    case forestRuth = "forest-ruth"
    /// Five parts, four of which are 1 / (4 - 4^⅓).
    case suzuki4
    /// Seven parts.
    case yoshida6

    /// The parts, which add up to 1.
    public var weights: [Double] {
      switch self {
      case .forestRuth: symmetric([1.3512071919596576])
      case .suzuki4: symmetric([0.41449077179437573, 0.41449077179437573])
      case .yoshida6:
        symmetric([0.7845136104775572638, 0.2355732133593581337, -1.1776799841788710069])
      }
    }

    /// The order of convergence.
    public var order: Int { self == .yoshida6 ? 6 : 4 }

    private func symmetric(_ half: [Double]) -> [Double] {
      half + [1 - 2 * half.reduce(0, +)] + half.reversed()
    }
  }

  /// The sizes of the parts of a step.
  public let scheme: Scheme
  public let arithmetic: Arithmetic

  /// Creates the method.
  public init(_ scheme: Scheme, arithmetic: Arithmetic = .floating) {
    self.scheme = scheme
    self.arithmetic = arithmetic
  }

  public var order: Int { scheme.order }

  public func start(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    y.mapLeaves(arithmetic.onGrid)
  }

  public func step(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    var (y, isInside) = (y, false)
    for part in parts {
      let kick = part.kick * h * f.force(t + part.kickTime * h, y.q)
      y.p = arithmetic.moved(y.p, by: kick, isInside: isInside)
      guard let drift = part.drift else { break }
      let shift = drift * h * f.velocity(t + part.driftTime * h, y.p)
      y.q = arithmetic.moved(y.q, by: shift, isInside: isInside)
      isInside = true
    }
    return y
  }

  // The lines of `step` in reverse order, each with its sign changed.
  public func unstep(
    _ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor
  ) -> PhasePoint {
    var y = y
    for part in parts.reversed() {
      if let drift = part.drift {
        let shift = drift * h * f.velocity(t + part.driftTime * h, y.p)
        y.q = arithmetic.movedBack(y.q, by: shift)
      }
      let kick = part.kick * h * f.force(t + part.kickTime * h, y.q)
      y.p = arithmetic.movedBack(y.p, by: kick)
    }
    return y
  }

  /// A kick and the drift that follows it, if one does, with the times of their evaluations.
  private struct Part {
    var kick: Double
    var kickTime: Double
    var drift: Double?
    var driftTime: Double
  }

  private var parts: [Part] {
    let weights = scheme.weights
    var (result, time, before) = ([Part](), 0.0, 0.0)
    for weight in weights {
      result.append(
        Part(
          kick: (before + weight) / 2, kickTime: time, drift: weight, driftTime: time + weight / 2))
      time += weight
      before = weight
    }
    return result + [Part(kick: before / 2, kickTime: 1, drift: nil, driftTime: 1)]
  }
}
