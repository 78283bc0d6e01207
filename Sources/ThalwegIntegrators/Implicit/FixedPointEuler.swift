public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// The backward Euler method whose equations are solved by so many iterations of a fixed point.
///
///     v ← (1 - ω) v + ω (u + h f(t + h, v)),   from v = u
///
/// Seen as a network, a step is a recurrent block into which its input comes again at every iteration.
/// Its derivative is that of the iterations; ``BackwardEuler`` solves for the root and differentiates it
/// by the implicit function theorem.
///
///     let flow = Flow(f, over: 0...1, steps: 10, using: FixedPointEuler(iterations: 20))
///
/// - Order: 1.
/// - Stability: iterations converge where h ‖∂f/∂u‖ < 1 without damping, and for diffusion whose
///   Jacobian has eigenvalues between -λ and 0 where ω < 2 / (1 + hλ). For an even number of them
///   without damping |hλ| ≤ 1 on both axes.
/// - Cost: so many evaluations a step.
/// - Errors: traps where there are no iterations, or ω is not in (0, 1].
/// - Source: T. Alt, K. Schrader, M. Augustin, P. Peter, J. Weickert, "Connections between numerical
///   algorithms for PDEs and neural networks", J. Math. Imaging Vis. 65 (2023), arXiv:2107.14742.
public struct FixedPointEuler<Field: Dynamics>: Integrator {
  public let order = 1
  /// The number of iterations of a step.
  public let iterations: Int
  /// How far an iteration goes, ω.
  public let damping: Double

  /// Creates the method.
  public init(iterations: Int, damping: Double = 1) {
    require(
      iterations > 0 && damping > 0 && damping <= 1,
      "fixed point Euler: \(iterations) iterations with damping \(damping)")
    self.iterations = iterations
    self.damping = damping
  }

  public func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    var v = y
    for _ in 0..<iterations {
      let slope = f(t + h, v)
      let next = y.zipLeaves(slope) { $0 + h * $1 }
      v = damping == 1 ? next : v.zipLeaves(next) { (1 - damping) * $0 + damping * $1 }
    }
    return v
  }
}
