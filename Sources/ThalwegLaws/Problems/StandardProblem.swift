public import ThalwegDynamics
public import ThalwegTensors

/// An initial value problem whose solution is known.
///
/// The reference values of ordinary equations were computed in 128-bit floating point, of stiff ones
/// by a Radau method of seven stages, of others by extrapolation of order 28, each at two tolerances
/// that agree in 17 digits and more. They are given here rounded to doubles.
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
  /// A number of steps with which explicit methods of order 4 are accurate to a few digits; of
  /// stiff problems at the least one with which they are stable, where that is possible at all.
  public let steps: Int
  /// What a picture of the solution shows.
  public let picture: Picture
  /// Where it was published.
  public let source: String
  /// Whether stability forces far shorter steps on explicit methods than accuracy.
  public private(set) var isStiff = false
  /// Sums of components that do not change.
  public private(set) var invariants: [LinearInvariant] = []
  /// What the smallest component of interest is like: an absolute tolerance is a relative one
  /// times this.
  public private(set) var magnitude = 1.0
}

extension StandardProblem {
  /// Every problem.
  public static let all: [StandardProblem] = mechanics + reactions + nonStiffTest + stiff

  /// The problem of a name.
  public static func named(_ name: String) -> StandardProblem? { all.first { $0.name == name } }

  /// What the error of each component is measured by.
  ///
  /// It is the magnitude of the component; of those below 1e-15, which are zeros in exact
  /// arithmetic or as good as that, it is the magnitude of the largest one.
  public var errorScales: [Double] {
    let largest = solution.map(\.magnitude).max() ?? 1
    return solution.map { $0.magnitude < 1e-15 ? largest : $0.magnitude }
  }
}
