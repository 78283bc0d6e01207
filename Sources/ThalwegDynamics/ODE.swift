public import ThalwegTensors

/// Dynamics of first order, y' = f(t, y), written as a closure.
///
///     let decay      = ODE { t, y in -y }
///     let oscillator = ODE(k, c) { t, y, k, c in -k * y - c * tanh(y) }
///     let neural     = ODE(Dense(2, 64), Dense(64, 2)) { t, y, a, b in b(tanh(a(y))) }
///     let lotka      = ODE(of: Populations.self) { t, y in Populations(prey: ..., predators: ...) }
///
/// What stands before the closure is passed to it, differentiated and trained; what the closure
/// captures is constant.
///
/// - Shapes: the closure returns the shape of the state.
/// - Errors: a wrong number of closure arguments does not compile; a result of another shape traps
///   while tracing, with both shapes.
public struct ODE<State: VectorSpace>: Dynamics {
  private var stored: Parameters
  private let field: @Sendable (Tensor, State, Parameters) -> State

  /// Creates dynamics of a given type of state.
  public init<each Parameter: TensorTree>(
    of state: State.Type, _ parameters: repeat each Parameter,
    field: @escaping @Sendable (Tensor, State, repeat each Parameter) -> State
  ) {
    stored = Parameters(repeat each parameters)
    self.field = { t, y, stored in
      field(t, y, repeat each stored.typed(as: repeat (each Parameter).self))
    }
  }

  /// The parameters, or in a gradient their derivatives, with their types.
  ///
  ///     let (weight, bias) = gradient.dynamics.parameters(as: Tensor.self, Tensor.self)
  public func parameters<each Parameter: TensorTree>(
    as types: repeat (each Parameter).Type
  ) -> (repeat each Parameter) {
    stored.typed(as: repeat each types)
  }

  /// The only parameter, or in a gradient its derivative, with its type.
  ///
  ///     let slope = gradient.dynamics.parameters(as: Tensor.self)
  public func parameters<Parameter: TensorTree>(as type: Parameter.Type) -> Parameter {
    stored.typed(as: type)
  }

  public static var branches: Branches<ODE<State>> { Branches(\.stored) }

  public func callAsFunction(_ t: Tensor, _ y: State) -> State {
    counted(shaped(field(t, y, stored), like: y))
  }
}

extension ODE where State == Tensor {
  /// Creates dynamics of a tensor.
  public init<each Parameter: TensorTree>(
    _ parameters: repeat each Parameter,
    field: @escaping @Sendable (Tensor, Tensor, repeat each Parameter) -> Tensor
  ) {
    self.init(of: Tensor.self, repeat each parameters, field: field)
  }
}

/// Marks the first tensor of a derivative as one evaluation of dynamics.
func counted<State: TensorTree>(_ derivative: State) -> State {
  var leaves = derivative.leaves
  guard let first = leaves.first else { return derivative }
  leaves[0] = countingEvaluation(first)
  return derivative.replacingLeaves(with: leaves)
}
