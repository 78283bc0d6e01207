public import ThalwegDynamics
public import ThalwegTensors

/// An approximate solution of the linear systems of implicit stages.
///
///     about (1 - s ∂f/∂y)⁻¹ v   at time t and state z
///
/// The factor s is the step size times a coefficient of the method:
///
///     let diffusion = StagePreconditioner<Tensor> { t, s, z, v in v / (1 + s * rates) }
///     let method = BackwardEuler<ODE<Tensor>>(preconditioner: diffusion)
///
/// It must be linear in v. Roots do not depend on it, only the number of products that they take.
///
/// - Shapes: the result has the shape of the state.
public struct StagePreconditioner<State: VectorSpace>: Sendable {
  private let apply: @Sendable (Tensor, Tensor, State, State) -> State

  /// Creates a preconditioner of a time, a factor, a state and a right side.
  public init(
    _ apply:
      @escaping @Sendable (_ t: Tensor, _ factor: Tensor, _ point: State, _ vector: State) -> State
  ) {
    self.apply = apply
  }

  /// The preconditioner of one stage.
  func at(_ t: Tensor, factor: Tensor) -> Preconditioner<State> {
    Preconditioner { point, vector in apply(t, factor, point, vector) }
  }

  /// The preconditioner of stages that are solved together, each by its own diagonal coefficient.
  func at(_ times: [Tensor], factors: [Tensor]) -> Preconditioner<[State]> {
    Preconditioner { points, vectors in
      points.indices.map { apply(times[$0], factors[$0], points[$0], vectors[$0]) }
    }
  }
}
