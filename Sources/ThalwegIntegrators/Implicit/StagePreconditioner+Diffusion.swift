public import ThalwegKernels
public import ThalwegTensors

extension StagePreconditioner where State == Tensor {
  /// The preconditioner of stiffness that each component has for itself: division by 1 + s · rates.
  ///
  ///     let decay = StagePreconditioner.diagonal(rates)      // for y' = -rates * y + ...
  ///
  /// - Shapes: `rates` broadcasts to the state.
  public static func diagonal(_ rates: Tensor) -> StagePreconditioner {
    StagePreconditioner { _, factor, _, vector in vector / (1 + factor * rates.to(vector.dtype)) }
  }

  /// The preconditioner of diffusion with a constant rate on a grid: an exact solution by sines and
  /// cosines.
  ///
  ///     about (1 - s · rate · Δ)⁻¹ v,   (Δv)ᵢ = Σ over neighbours j along the axes of (vⱼ - vᵢ)
  ///
  ///     let method = BackwardEuler<ODE<Tensor>>(
  ///       preconditioner: .diffusion(rate: 0.1 / (dx * dx), along: [-2, -1], boundary: .replicated))
  ///
  /// Neighbours beyond the ends are those of `shifted(by:along:boundary:)`. Where rates vary, or
  /// something else is stiff too, a mean of the rates still leaves few products.
  ///
  /// - Cost: two products with an orthogonal matrix for each axis, which grow with the square of its
  ///   length; for a single long axis take ``LinearSolver/banded(reach:)``, for large grids
  ///   ``multigrid(rate:along:boundary:)``.
  /// - Shapes: `rate` broadcasts to the state and does not vary along the axes.
  /// - Source: R. E. Lynch, J. R. Rice, D. H. Thomas, "Direct solution of partial difference equations
  ///   by tensor product methods", Numer. Math. 6 (1964), 185-199, doi:10.1007/BF01386067.
  public static func diffusion(
    rate: Tensor, along axes: [Int], boundary: ShiftBoundary
  ) -> StagePreconditioner {
    StagePreconditioner { _, factor, _, vector in
      let grid = DiffusionGrid(vector, along: axes, boundary: boundary)
      return grid.solution(of: vector, strength: factor * rate.to(vector.dtype))
    }
  }

  /// The preconditioner of diffusion with a rate that may vary on a grid: a cycle through coarser and
  /// coarser grids.
  ///
  ///     about (1 - s · rate · Δ)⁻¹ v,   (Δv)ᵢ = Σ over neighbours j along the axes of (vⱼ - vᵢ)
  ///
  /// On each grid two damped sweeps take away what is rough, and the next grid, of half the points
  /// along each axis, the rest; the last one, whose lengths are odd or small, is solved by sines and
  /// cosines.
  ///
  ///     let method = BackwardEuler<ODE<Tensor>>(
  ///       preconditioner: .multigrid(rate: 0.1 / (dx * dx), along: [-2, -1], boundary: .replicated))
  ///
  /// - Cost: three passes with the differences over each grid, which are smaller and smaller.
  /// - Shapes: `rate` broadcasts to the state and does not vary along the axes.
  /// - Source: U. Trottenberg, C. W. Oosterlee, A. Schüller, "Multigrid", Academic Press, 2001,
  ///   chapter 2.
  public static func multigrid(
    rate: Tensor, along axes: [Int], boundary: ShiftBoundary
  ) -> StagePreconditioner {
    StagePreconditioner { _, factor, _, vector in
      let grid = DiffusionGrid(vector, along: axes, boundary: boundary)
      return grid.cycle(vector, strength: factor * rate.to(vector.dtype))
    }
  }
}
