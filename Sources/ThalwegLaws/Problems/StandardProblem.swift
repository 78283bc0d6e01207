public import ThalwegDynamics
public import ThalwegTensors

/// An initial value problem whose solution is known to more digits than doubles have.
///
/// The reference values were computed in 128-bit floating point by an extrapolation method of
/// order 28 at two tolerances, which agree in 22 digits and more. They are given here rounded to
/// doubles.
public struct StandardProblem: Sendable {
  /// The equation with its initial state.
  public enum Equation: Sendable {
    /// y' = f(t, y).
    case firstOrder(ODE<Tensor>, from: Tensor)
    /// q' = v(t, p), p' = f(t, q).
    case separable(SeparableODE, from: PhasePoint)
    /// y'' = f(t, y) from rest; its state is also y, y'.
    case fromRest(SecondOrderODE, from: Tensor)
  }

  /// What a picture of the solution shows.
  public enum Picture: Hashable, Sendable {
    /// One component over another.
    case orbit(Int, Int)
    /// A component over time.
    case series(Int)
  }

  /// The name on the command line, as `kepler-0.3`.
  public let name: String
  /// The equation in one line of text.
  public let summary: String
  /// The names of the components.
  public let components: [String]
  /// The equation with its initial state.
  public let equation: Equation
  /// The time at which the solution is known; integration starts at 0.
  public let end: Double
  /// The solution then.
  public let solution: [Double]
  /// A number of steps with which methods of order 4 are accurate to a few digits.
  public let steps: Int
  /// What a picture of the solution shows.
  public let picture: Picture
  /// Where it was published.
  public let source: String
}

extension StandardProblem {
  /// Every problem.
  public static let all =
    [0.1, 0.3, 0.5, 0.6].map(kepler) + [
      lotkaVolterra, lorenz, pendulum, henonHeiles, rigidBody, brusselator, vanDerPol, arenstorf,
    ]

  /// The problem of a name.
  public static func named(_ name: String) -> StandardProblem? { all.first { $0.name == name } }
}
