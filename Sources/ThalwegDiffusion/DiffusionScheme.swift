import ThalwegKernels

/// The numerical schemes by which a ``Diffusion`` is carried out, and the networks that they are.
///
/// | scheme | method | network |
/// |---|---|---|
/// | `explicit` | ``RungeKutta`` with `.euler` | symmetric residual network |
/// | `duFortFrankel` | ``DuFortFrankel`` | residual network with a second skip connection |
/// | `semiIterative` | ``FastSemiIterative`` | residual network with extrapolation |
/// | `fixedPoint` | ``FixedPointEuler`` | recurrent network |
/// | `implicit` | ``BackwardEuler`` | recurrent network at its fixed point |
/// | `multigrid` | ``MultigridEuler`` | U-net |
public enum DiffusionScheme: Hashable, Sendable {
  /// Forward Euler.
  case explicit
  /// Du Fort-Frankel, with α or the smallest that is stable.
  case duFortFrankel(alpha: Double? = nil)
  /// Cycles of so many extrapolated steps.
  case semiIterative(cycle: Int)
  /// Backward Euler by so many iterations of a fixed point.
  case fixedPoint(iterations: Int)
  /// Backward Euler by Newton's method.
  case implicit
  /// Backward Euler by so many cycles through coarser and coarser grids, for gradients.
  case multigrid(cycles: Int)

  /// What the scheme is called on the command line.
  public var name: String {
    switch self {
    case .explicit: "explicit"
    case .duFortFrankel: "dff"
    case .semiIterative: "fsi"
    case .fixedPoint: "fixed-point"
    case .implicit: "implicit"
    case .multigrid: "multigrid"
    }
  }
}
