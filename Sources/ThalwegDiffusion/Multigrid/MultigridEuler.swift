import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
public import ThalwegTensors

/// Backward Euler for diffusion across faces, whose nonlinear equations are solved by the full
/// approximation scheme (FAS): multigrid without linearisation.
///
///     A(u) = u + τ D*Φ(D u) = b
///     A(x_H) = A(R x) + R (b - A(x)),   x ← x + P (x_H - R x)      on the next coarser grid
///
/// Seen as a network, a cycle is a U-net: sweeps on the way down and up are residual blocks, and x is
/// the skip connection to which the coarse correction is added.
///
///     let flow = Flow(diffusion, over: 0...100, steps: 2, using: MultigridEuler(cycles: 4))
///
/// Its derivative is that of the cycles.
///
/// - Order: 1.
/// - Stability: that of ``BackwardEuler`` up to what the cycles leave.
/// - Cost: a cycle is some ten evaluations of the diffusion on the image and 4/3 of it in all.
/// - Errors: traps where the diffusion is none across faces: see ``Diffusion/isOnFaces``.
/// - Source: U. Trottenberg, C. W. Oosterlee, A. Schüller, "Multigrid", Academic Press, 2001,
///   section 5.3.
public struct MultigridEuler: Integrator {
  public let order = 1
  /// The number of cycles of a step.
  public let cycles: Int
  /// The sweeps before and after each visit of the next coarser grid.
  public let sweeps: Int

  /// Creates the method.
  public init(cycles: Int = 3, sweeps: Int = 2) {
    require(cycles > 0 && sweeps > 0, "multigrid Euler: \(cycles) cycles of \(sweeps) sweeps")
    self.cycles = cycles
    self.sweeps = sweeps
  }

  public func step(_ f: Diffusion, at t: Tensor, from y: Tensor, by h: Tensor) -> Tensor {
    require(f.isOnFaces, "multigrid Euler: a diffusion of \(f.flux.name) with another operator")
    let solver = FullApproximation(diffusion: f, step: h, sweeps: sweeps)
    let solution = (0..<cycles).reduce(y) { x, _ in solver.improved(x, y, level: 0) }
    return countingEvaluation(solution)
  }
}

/// The cycles of a step.
private struct FullApproximation {
  let diffusion: Diffusion
  let step: Tensor
  let sweeps: Int

  private func leftSide(_ x: Tensor, _ level: Int) -> Tensor {
    diffusion.frozen(at: x, step: step, level: level)(x)
  }

  /// x after a cycle towards A(x) = b.
  func improved(_ x: Tensor, _ b: Tensor, level: Int) -> Tensor {
    let form = diffusion.derivative
    let transfer = GridTransfer(axes: Array(-form.dimensions..<0), boundary: form.boundary)
    guard transfer.isCoarsenable(b.shape) else { return swept(x, b, level, 4 * sweeps) }
    var x = swept(x, b, level, sweeps)
    let coarse = transfer.averaged(x)
    let right = leftSide(coarse, level + 1) + transfer.restricted(b - leftSide(x, level))
    let better = improved(coarse, right, level: level + 1)
    x = x + transfer.prolonged(better - coarse, to: b.shape)
    return swept(x, b, level, sweeps)
  }

  /// Sweeps with the diffusivities of the state before each pair of them.
  private func swept(_ x: Tensor, _ b: Tensor, _ level: Int, _ count: Int) -> Tensor {
    var (x, left) = (x, count)
    while left > 0 {
      let degree = Swift.min(2, left)
      let equation = diffusion.frozen(at: x, step: step, level: level)
      x = Smoother(equation, degree: degree, b.dtype).swept(x, b)
      left -= degree
    }
    return x
  }
}
