public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The Runge-Kutta-Legendre method of order 2: explicit, for problems whose stiffness is diffusion.
///
///     R(z) = 1 - b + b P(1 + w z),   P the Legendre polynomial of degree s,  w = 4 / (s² + s - 2)
///
/// Its stages stay positive and monotone where diffusion does, which those of ``RKC2`` need not:
///
///     let stages = RKL2<ODE<Tensor>>.stages(spectralRadius: 4 / (dx * dx), step: 0.01)
///     let flow = Flow(heat, over: 0...1, steps: 100, using: RKL2(stages: stages))
///
/// - Order: 2.
/// - Stability: (s² + s - 2)/2 along the negative real axis; damped in its inside.
/// - Cost: s evaluations a step, in the memory of a few states.
/// - Errors: traps where there are fewer than two stages.
/// - Source: C. D. Meyer, D. S. Balsara, T. D. Aslam, "A stabilized Runge-Kutta-Legendre method for
///   explicit super-time-stepping of parabolic and mixed equations", J. Comput. Phys. 257 (2014),
///   594-626, doi:10.1016/j.jcp.2013.08.021.
public struct RKL2<Field: Dynamics>: Integrator {
  public let order = 2
  /// The number of stages.
  public let stages: Int
  private let scheme: StabilizedScheme

  /// Creates the method of a number of stages; odd ones damp fast components more.
  public init(stages: Int) {
    require(stages >= 2, "RKL2: \(stages) stages are fewer than two")
    self.stages = stages
    let weights = (0...stages).map { index in
      let j = Double(Swift.max(index, 2))
      return (j * j + j - 2) / (2 * j * (j + 1))
    }
    scheme = StabilizedScheme(
      center: 1, slope: 2 / Self.stableLength(stages: stages), weights: weights,
      values: weights.map { _ in 1 }
    ) { index in
      let j = Double(index)
      return (r: (2 * j - 1) / j, q: (j - 1) / j)
    }
  }

  /// The fewest stages for which a step is stable where the eigenvalues of the Jacobian are between
  /// -spectralRadius and 0; an odd number.
  public static func stages(spectralRadius: Double, step: Double) -> Int {
    require(
      (spectralRadius * step).isFinite,
      "RKL2: a spectral radius \(spectralRadius) and a step \(step)")
    let reach = abs(spectralRadius * step)
    let stages = Int((((9 + 8 * reach).squareRoot() - 1) / 2).rounded(.up))
    return Swift.max(3, stages | 1)
  }

  /// How far along the negative real axis steps of a number of stages are stable.
  public static func stableLength(stages: Int) -> Double {
    Double(stages * stages + stages - 2) / 2
  }

  public func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    scheme.step(f, at: t, from: y, slope: f(t, y), by: h)
  }
}
