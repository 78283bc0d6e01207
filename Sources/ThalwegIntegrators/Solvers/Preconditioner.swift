public import ThalwegDynamics

/// An approximate solution of linear systems with a Jacobian, which lets Krylov methods need few
/// products.
///
///     let diagonal = Preconditioner<Tensor> { z, v in v / (1 + h * rate(z)) }
///
/// It is given the point z at which the Jacobian J(z) is looked at, and a right side v; it returns
/// about J(z)⁻¹ v. It must be linear in v. What depends on z alone is computed once for each point. The
/// gradient uses its transpose, which needs no code.
///
/// - Shapes: the result has the shape of the state.
public struct Preconditioner<State: VectorSpace>: Sendable {
  let apply: @Sendable (State, State) -> State

  /// Creates a preconditioner of a point and a right side.
  public init(_ apply: @escaping @Sendable (_ point: State, _ vector: State) -> State) {
    self.apply = apply
  }
}
