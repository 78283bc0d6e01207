public import ThalwegIntegrators
import ThalwegKernels
public import ThalwegTensors

extension Diffusion {
  /// Whether the diffusion is one across the faces of a grid: D is the gradient, the flux one of
  /// lengths, and nothing is known that stays.
  public var isOnFaces: Bool {
    derivative.boundary != .zero && derivative.differenceAxes?.count == derivative.dimensions
      && flux.isOfLength && known == nil
  }

  /// The linear equation u - τ · (diffusion with the diffusivities of a state) = b, on a grid whose
  /// distances are 2^level.
  func frozen(at u: Tensor, step: Tensor, level: Int) -> GridEquation {
    let scale = Double(1 << level)
    let responses = derivative(u).map { level == 0 ? $0 : $0 * (1 / scale) }
    let conductivities: [Tensor] =
      coupling == .none
      ? responses.map { flux.diffusivity(square($0)) }
      : { g in responses.map { _ in g.broadcast(to: u.shape) } }(diffusivity(of: responses, u))
    return GridEquation(
      decay: 1, rate: step * (1 / (scale * scale)), conductivities: conductivities,
      dimensions: derivative.dimensions, boundary: derivative.boundary)
  }
}

extension StagePreconditioner where State == Tensor {
  /// The preconditioner of a diffusion with the diffusivities of the point at which it is asked: a cycle
  /// through coarser and coarser grids.
  ///
  ///     let method = BackwardEuler<Diffusion>(preconditioner: .multigrid(for: diffusion))
  ///
  /// The Krylov products of a step then do not grow with the grid.
  ///
  /// - Errors: traps where the diffusion is none across faces: see ``Diffusion/isOnFaces``.
  public static func multigrid(
    for diffusion: Diffusion, _ method: Multigrid = Multigrid()
  ) -> StagePreconditioner {
    require(
      diffusion.isOnFaces, "multigrid: a diffusion of \(diffusion.flux.name) with another operator")
    return StagePreconditioner { _, factor, point, vector in
      method.approximation(diffusion.frozen(at: point, step: factor, level: 0), vector)
    }
  }
}
