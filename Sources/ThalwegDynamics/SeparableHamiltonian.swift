public import ThalwegTensors

/// The motion under an energy that is the sum of a kinetic and a potential one.
///
///     H(q, p) = T(p) + V(q),  q' = ∂T/∂p,  p' = -∂V/∂q
///
/// The field is obtained by differentiating the energies:
///
///     let orbit = SeparableHamiltonian { p in 0.5 * sum(p * p) } potential: { q in -1 / norm(q) }
///     let spring = SeparableHamiltonian(θ) { p, _ in 0.5 * sum(p * p) }
///       potential: { q, θ in θ.k * sum(q * q) }
///
/// What stands before the closures is passed to both, differentiated and trained.
///
/// - Shapes: energies are scalars; sum over a batch to move every sample on its own.
/// - Stability: H is conserved by the exact flow, and nearly so for exponentially long times by
///   symplectic methods such as Verlet.
public struct SeparableHamiltonian: SeparableDynamics {
  private var stored: Parameters
  private let kinetic: @Sendable (Tensor, Parameters) -> Tensor
  private let potential: @Sendable (Tensor, Parameters) -> Tensor

  /// Creates the motion under two energies.
  public init<each Parameter: TensorTree>(
    _ parameters: repeat each Parameter,
    kinetic: @escaping @Sendable (Tensor, repeat each Parameter) -> Tensor,
    potential: @escaping @Sendable (Tensor, repeat each Parameter) -> Tensor
  ) {
    stored = Parameters(repeat each parameters)
    self.kinetic = { p, stored in
      kinetic(p, repeat each stored.typed(as: repeat (each Parameter).self))
    }
    self.potential = { q, stored in
      potential(q, repeat each stored.typed(as: repeat (each Parameter).self))
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

  public static let branches = Branches(\SeparableHamiltonian.stored)

  /// The energy of a state.
  public func energy(_ y: PhasePoint) -> Tensor { kinetic(y.p, stored) + potential(y.q, stored) }

  public func velocity(_ t: Tensor, _ p: Tensor) -> Tensor {
    gradient(at: p) { kinetic($0, stored) }
  }

  public func force(_ t: Tensor, _ q: Tensor) -> Tensor {
    countingEvaluation(-gradient(at: q) { potential($0, stored) })
  }
}
