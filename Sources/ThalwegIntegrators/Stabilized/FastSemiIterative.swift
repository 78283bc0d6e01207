public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The fast semi-iterative scheme (FSI): a cycle of extrapolated explicit steps that reaches far.
///
///     u₊ = αₗ (u + τ f(t, u)) + (1 - αₗ) u₋,   αₗ = (4l + 2) / (2l + 3),   l = 0, ..., n - 1
///
/// A step of the method is one cycle, in which the first u₋ is u, and then the next cycle begins anew.
/// Where n steps of forward Euler advance by nτ, a cycle advances by τ n (n + 1) / 3, so that the
/// inner steps are τ = 3h / (n (n + 1)) long. What it does to a linear diffusion is a box filter of
/// length 2n + 1. Seen as a network, its blocks are residual blocks with an extrapolating skip connection.
///
///     let flow = Flow(heat, over: 0...10, steps: 4, using: FastSemiIterative(cycle: 20))
///
/// Known data, as those of an image that is to be filled in, are imposed again after every inner step:
///
///     let method = FastSemiIterative<ODE<Tensor>>(cycle: 20) { u in u + mask * (data - u) }
///
/// What the closure captures is constant.
///
/// - Order: 1.
/// - Stability: hλ between -2n(n + 1)/3 and 0 and hardly beyond. For a flux that is not linear that is
///   a statement on the linearised steps of a cycle; no theorem bounds the whole.
/// - Cost: n evaluations a step, in the memory of three states.
/// - Errors: traps where there are no inner steps.
/// - Source: D. Hafner, P. Ochs, J. Weickert, M. Reißel, S. Grewenig, "FSI schemes: fast semi-iterative
///   solvers for PDEs and optimisation methods", GCPR 2016.
public struct FastSemiIterative<Field: Dynamics>: Integrator {
  public let order = 1
  /// The number of inner steps, n.
  public let cycle: Int
  private let constraint: (@Sendable (Field.State) -> Field.State)?

  /// Creates the method of a number of inner steps, after each of which a constraint may be imposed.
  public init(
    cycle: Int, imposing constraint: (@Sendable (Field.State) -> Field.State)? = nil
  ) {
    require(cycle > 0, "fast semi-iterative: a cycle of \(cycle) steps")
    self.cycle = cycle
    self.constraint = constraint
  }

  /// The weight of the explicit step in the inner step of a number, αₗ.
  public static func weight(_ index: Int) -> Double {
    Double(4 * index + 2) / Double(2 * index + 3)
  }

  /// The time by which a cycle advances, in inner steps: n (n + 1) / 3.
  public static func reach(cycle: Int) -> Double { Double(cycle * (cycle + 1)) / 3 }

  /// The fewest inner steps with which a step is stable where the eigenvalues of the Jacobian are
  /// between -spectralRadius and 0.
  public static func cycle(spectralRadius: Double, step: Double) -> Int {
    require(
      (spectralRadius * step).isFinite,
      "fast semi-iterative: a spectral radius \(spectralRadius) and a step \(step)")
    let reach = abs(spectralRadius * step) / 2
    // A little less than asked for is not rounded up to one more.
    return Swift.max(1, Int((((1 + 12 * reach).squareRoot() - 1) / 2 - 1e-9).rounded(.up)))
  }

  public func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    let inner = h / Self.reach(cycle: cycle)
    var (before, last) = (y, y)
    for index in 0..<cycle {
      let node = Self.reach(cycle: index) / Self.reach(cycle: cycle)
      let slope = f(index == 0 ? t : t + node * h, last)
      let weight = Self.weight(index)
      let next = last.zipLeaves(before) { weight * $0 + (1 - weight) * $1 }
        .zipLeaves(slope) { $0 + (weight * inner) * $1 }
      (before, last) = (last, constraint?(next) ?? next)
    }
    return last
  }
}
