public import ThalwegTensors

/// Separable dynamics, q' = v(t, p) and p' = f(t, q), written as two closures.
///
///     let pendulum = SeparableODE { t, p in p } force: { t, q in -sin(q) }
///
/// What stands before the closures is passed to both, differentiated and trained.
///
/// - Shapes: velocities have the shape of positions, forces that of momenta.
public struct SeparableODE: SeparableDynamics {
  private var stored: Parameters
  private let velocityField: @Sendable (Tensor, Tensor, Parameters) -> Tensor
  private let forceField: @Sendable (Tensor, Tensor, Parameters) -> Tensor

  /// Creates dynamics of a velocity and a force.
  public init<each Parameter: TensorTree>(
    _ parameters: repeat each Parameter,
    velocity: @escaping @Sendable (Tensor, Tensor, repeat each Parameter) -> Tensor,
    force: @escaping @Sendable (Tensor, Tensor, repeat each Parameter) -> Tensor
  ) {
    stored = Parameters(repeat each parameters)
    velocityField = { t, p, stored in
      velocity(t, p, repeat each stored.typed(as: repeat (each Parameter).self))
    }
    forceField = { t, q, stored in
      force(t, q, repeat each stored.typed(as: repeat (each Parameter).self))
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

  public static let branches = Branches(\SeparableODE.stored)

  public func velocity(_ t: Tensor, _ p: Tensor) -> Tensor {
    shaped(velocityField(t, p, stored), like: p, "the closure of velocities", "momentum")
  }
  public func force(_ t: Tensor, _ q: Tensor) -> Tensor {
    countingEvaluation(
      shaped(forceField(t, q, stored), like: q, "the closure of forces", "position"))
  }
}
