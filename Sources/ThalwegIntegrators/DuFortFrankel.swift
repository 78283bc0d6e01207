public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The Du Fort-Frankel method, explicit and yet stable for steps of any size through diffusion.
///
///     (u₊ - u₋) / 2h = f(t, u) - α (u₊ - 2u + u₋)
///     u₊ = 4hα / (1 + 2hα) · (u + f(t, u) / 2α) + (1 - 2hα) / (1 + 2hα) · u₋
///
/// The new state is a mean of an explicit step of size 1/2α and of the state two steps before, as in
/// a residual network with a second skip connection. The first step is one of forward Euler, of size
/// h, or 1/2α where that is shorter.
///
///     let flow = Flow(heat, over: 0...1, steps: 10, using: DuFortFrankel(alpha: 100))
///
/// Steps are undone by solving for u₋, except where 2hα = 1. What decays on the way forth grows on the
/// way back, so that ``ReversibleAdjoint`` is for few steps here, and says where there were too many.
///
/// - Order: 2, with an error of α h² u'' that has to be small beside u': h²α → 0.
/// - Stability: eigenvalues between -4α and 0, for every h; no part of the imaginary axis. Powers of a
///   step stay bounded for each h, yet may grow to some h·4α before they do, so that ‖u‖ may too.
/// - Cost: one evaluation a step, and one to begin with.
/// - Errors: traps where α is not positive.
/// - Source: E. C. Du Fort, S. P. Frankel, "Stability conditions in the numerical treatment of
///   parabolic differential equations", Math. Tables Aids Comput. 7 (1953), 135-152,
///   doi:10.2307/2002754; as a network: T. Alt, K. Schrader, M. Augustin, P. Peter, J. Weickert,
///   "Connections between numerical algorithms for PDEs and neural networks", J. Math. Imaging Vis. 65
///   (2023), arXiv:2107.14742.
public struct DuFortFrankel<Field: Dynamics>: ReversibleIntegrator {
  /// The last two states.
  public struct Pair: TensorTree {
    /// The state at the current time.
    public var current: Field.State
    /// The state one step before.
    public var previous: Field.State

    public static var branches: Branches<Pair> { Branches(\.current, \.previous) }
  }

  public let order = 2
  /// A quarter of the largest eigenvalue for which steps are stable, α.
  public let alpha: Double

  /// Creates the method for dynamics whose Jacobian has eigenvalues between -4α and 0.
  public init(alpha: Double) {
    require(alpha > 0 && alpha.isFinite, "Du Fort-Frankel: alpha \(alpha) is not positive")
    self.alpha = alpha
  }

  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Pair {
    // The state one step earlier from which the first step is one of forward Euler.
    let back = select(2 * alpha * h .<= 1, -h, Tensor(1 / (2 * alpha)))
    return Pair(current: y, previous: y + back * f(t, y))
  }

  public func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let share = 1 / (1 + 2 * alpha * h)
    let kept = (4 * alpha * h * share) * y.current + ((1 - 2 * alpha * h) * share) * y.previous
    return Pair(current: kept + (2 * h * share) * f(t, y.current), previous: y.current)
  }

  public func unstep(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let share = 1 / (1 - 2 * alpha * h)
    let kept = ((1 + 2 * alpha * h) * share) * y.current - (4 * alpha * h * share) * y.previous
    return Pair(current: y.previous, previous: kept - (2 * h * share) * f(t, y.previous))
  }

  public func state(of carry: Pair) -> Field.State { carry.current }
}
