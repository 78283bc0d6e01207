public import ThalwegTensors

/// The steepest descent of an energy, y' = -∇E(y).
///
///     let diffusion = GradientFlow(K) { u, K in sum(log(1 + square(matmul(K, u)))) }
///
/// The field is obtained by differentiating the energy, so its Jacobian is symmetric; where E is
/// convex the flow is contractive.
///
/// - Shapes: the energy is a scalar; sum over a batch to move every sample on its own.
public struct GradientFlow<State: VectorSpace>: Dynamics {
  private var stored: Parameters
  private let potential: @Sendable (State, Parameters) -> Tensor

  /// Creates the descent of an energy of a given type of state.
  public init<each Parameter: TensorTree>(
    of state: State.Type, _ parameters: repeat each Parameter,
    energy: @escaping @Sendable (State, repeat each Parameter) -> Tensor
  ) {
    stored = Parameters(repeat each parameters)
    potential = { y, stored in
      energy(y, repeat each stored.typed(as: repeat (each Parameter).self))
    }
  }

  /// The parameters, or in a gradient their derivatives, with their types.
  public func parameters<each Parameter: TensorTree>(
    as types: repeat (each Parameter).Type
  ) -> (repeat each Parameter) {
    stored.typed(as: repeat each types)
  }

  /// The only parameter, or in a gradient its derivative, with its type.
  public func parameters<Parameter: TensorTree>(as type: Parameter.Type) -> Parameter {
    stored.typed(as: type)
  }

  public static var branches: Branches<GradientFlow<State>> { Branches(\.stored) }

  /// The energy of a state.
  public func energy(_ y: State) -> Tensor { potential(y, stored) }

  public func callAsFunction(_ t: Tensor, _ y: State) -> State {
    counted(gradient(at: y) { potential($0, stored) }.mapLeaves { -$0 })
  }
}

extension GradientFlow where State == Tensor {
  /// Creates the descent of an energy of a tensor.
  public init<each Parameter: TensorTree>(
    _ parameters: repeat each Parameter,
    energy: @escaping @Sendable (Tensor, repeat each Parameter) -> Tensor
  ) {
    self.init(of: Tensor.self, repeat each parameters, energy: energy)
  }
}
