public import ThalwegDynamics
public import ThalwegTensors

/// A network that acts like an oscillation: it neither forgets its input nor amplifies it.
///
/// The channels are halved into Y, the position, and Z, the momentum, which move each other:
///
///     Y' = F₁(Z),  Z' = -F₂(Y),  F(Y) = -Kᵀ σ(N(K Y) + b)
///
/// ``SymplecticEuler`` that drifts first is the published discretisation; ``Verlet`` is of second
/// order. Both undo their steps, so that the memory of training does not grow with depth.
///
///     let stages = (0..<8).map { _ in HamiltonianDynamics(SymmetricLayer(8), SymmetricLayer(8)) }
///     let block = Flow(stages: stages, over: 0...4, using: Verlet(), adjoint: ReversibleAdjoint())
///
/// - Stability: without normalisation the Jacobian has imaginary eigenvalues. Both methods are
///   stable for h ‖K₁‖ ‖K₂‖ < 2; forward Euler amplifies for every h. Where activations are flat
///   the growth is linear in time.
/// - Cost: two convolutions for each half.
/// - Shapes: both halves are `[batch, channels, height, width]`.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (10), whose signs
///   differ from those of the continuous equations there.
public struct HamiltonianDynamics: SeparableDynamics {
  /// The function F₁, which moves the position.
  public var first: SymmetricLayer
  /// The function F₂, which moves the momentum.
  public var second: SymmetricLayer

  public static let branches = Branches(\HamiltonianDynamics.first, \.second)

  /// Creates the dynamics of two layers.
  public init(_ first: SymmetricLayer, _ second: SymmetricLayer) {
    self.first = first
    self.second = second
  }

  public func velocity(_ t: Tensor, _ p: Tensor) -> Tensor { first(p) }
  public func force(_ t: Tensor, _ q: Tensor) -> Tensor { countingEvaluation(-second(q)) }
}
