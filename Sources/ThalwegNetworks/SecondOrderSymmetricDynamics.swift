public import ThalwegDynamics
public import ThalwegTensors

/// A network that acts like a wave equation: features travel and are not smoothed away.
///
///     Y'' = F(Y),  F(Y) = -Kᵀ σ(N(K Y) + b)
///
/// ``Leapfrog`` is the published discretisation, which starts from rest. ``FirstOrderSystem`` makes
/// the equation one of position and velocity for all other methods.
///
/// - Stability: h ‖K‖ < 2 for leapfrog and Verlet, without normalisation.
/// - Cost: two convolutions.
/// - Shapes: `[batch, channels, height, width]`.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (11).
public struct SecondOrderSymmetricDynamics: SecondOrderDynamics {
  /// The function F.
  public var layer: SymmetricLayer

  public static let branches = Branches(\SecondOrderSymmetricDynamics.layer)

  /// Creates the dynamics of a layer.
  public init(_ layer: SymmetricLayer) { self.layer = layer }

  public func acceleration(_ t: Tensor, _ y: Tensor) -> Tensor { countingEvaluation(layer(y)) }
}
