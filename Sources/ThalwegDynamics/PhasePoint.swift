public import ThalwegTensors

/// A position and a momentum: the state of separable and Hamiltonian dynamics.
///
///     let start = PhasePoint(q: [1, 0], p: [0, 1])
public struct PhasePoint: VectorSpace {
  /// The position.
  public var q: Tensor
  /// The momentum, or the velocity where the mass is 1.
  public var p: Tensor

  /// Creates a state.
  public init(q: Tensor, p: Tensor) {
    self.q = q
    self.p = p
  }

  public static let branches = Branches(\PhasePoint.q, \.p)
}
