public import ThalwegDynamics
public import ThalwegTensors

/// A state with the cotangents that are carried backwards in time beside it.
public struct AdjointState<State: VectorSpace>: VectorSpace {
  /// The state.
  public var state: State
  /// The derivative of a loss in the state.
  public var cotangent: State
  /// The derivatives of the loss in the parameters, as far as they come from later times.
  public var sums: [Tensor]

  public static var branches: Branches<AdjointState<State>> {
    Branches(\.state, \.cotangent, \.sums)
  }
}

/// The equation of a state and of the derivatives of a loss in the state and in the parameters.
///
///     y' = f(t, y),   a' = -(∂f/∂y)ᵀ a,   g' = -(∂f/∂θ)ᵀ a
///
/// Integrated backwards in time from the end, where a is the derivative of the loss in the last state
/// and g = 0, it leads to the derivatives in the first state and in the parameters.
public struct AdjointEquation<Field: Dynamics>: Dynamics {
  /// The equation of the state.
  public private(set) var field: Field

  /// Creates the equation of the adjoint of another.
  public init(_ field: Field) { self.field = field }

  public static var branches: Branches<AdjointEquation<Field>> { Branches(\.field) }

  /// What the derivative of the state is a function of.
  private struct Arguments: TensorTree {
    var field: Field
    var state: Field.State
    static var branches: Branches<Arguments> { Branches(\.field, \.state) }
  }

  public func callAsFunction(
    _ t: Tensor, _ y: AdjointState<Field.State>
  ) -> AdjointState<Field.State> {
    let (slope, pulled) = vjp(
      at: Arguments(field: field, state: y.state), from: y.cotangent
    ) { $0.field(t, $0.state) }
    return AdjointState(
      state: slope, cotangent: pulled.state.mapLeaves { -$0 },
      sums: pulled.field.leaves.map { -$0 })
  }
}
