import ThalwegIntegrators

/// The methods by which a block can be integrated, by name.
///
///     IntegratorName(rawValue: "verlet")
///     IntegratorName.legal(for: .parabolic)
public enum IntegratorName: String, Hashable, Sendable, CaseIterable {
  /// ``ButcherTableau/euler``.
  case euler
  /// ``ButcherTableau/midpoint``.
  case midpoint
  /// ``ButcherTableau/heun``.
  case heun
  /// ``ButcherTableau/ralston``.
  case ralston
  /// ``ButcherTableau/kutta3``.
  case kutta3
  /// ``ButcherTableau/classic``.
  case rk4
  /// ``ButcherTableau/threeEighths``.
  case threeEighths = "rk4-38"
  /// ``SymplecticEuler``, drifting first for Hamiltonian and kicking first for second-order dynamics.
  case symplecticEuler = "symplectic-euler"
  /// ``Verlet``.
  case verlet
  /// ``Leapfrog``.
  case leapfrog
  /// ``LeapfrogMidpoint``.
  case leapfrogMidpoint = "leapfrog-midpoint"
  /// ``ReversibleHeun``.
  case reversibleHeun = "reversible-heun"
  /// ``AsynchronousLeapfrog``.
  case asynchronousLeapfrog = "alf"
  /// ``BackwardEuler``.
  case backwardEuler = "backward-euler"
  /// ``Trapezoid``.
  case trapezoid
  /// ``ImplicitMidpoint``, whose steps are solved too coarsely to be undone.
  case implicitMidpoint = "implicit-midpoint"

  /// The coefficients of a Runge-Kutta method.
  var tableau: ButcherTableau? { ButcherTableau.all.first { $0.name == rawValue } }

  /// Whether steps can be undone, as ``ReversibleAdjoint`` needs it.
  public var isReversible: Bool { tableau == nil && !isImplicit }

  /// Whether steps are solutions of equations.
  public var isImplicit: Bool {
    [.backwardEuler, .trapezoid, .implicitMidpoint].contains(self)
  }

  /// The methods that can integrate a kind of dynamics.
  public static func legal(for dynamics: DynamicsName) -> [IntegratorName] {
    allCases.filter { name in
      switch name {
      case .symplecticEuler, .verlet: dynamics != .parabolic
      case .leapfrog: dynamics == .secondOrder
      default: true
      }
    }
  }
}
