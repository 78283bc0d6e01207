public import ThalwegDynamics
public import ThalwegTensors

/// A network that acts like a heat equation: it smooths, and differences between inputs decay.
///
///     Y' = F(Y),  F(Y) = -Kᵀ σ(N(K Y) + b)
///
///     let stages = (0..<4).map { _ in ParabolicDynamics(SymmetricLayer(16)) }
///     let block = Flow(stages: stages, over: 0...2, using: RungeKutta(.euler))
///
/// - Stability: without normalisation two solutions never move apart. Forward Euler keeps that for
///   h ‖K‖² ≤ 2. Methods that are stable on the imaginary axis only, as the reversible ones are,
///   amplify what should decay.
/// - Cost: two convolutions.
/// - Shapes: `[batch, channels, height, width]`.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (8).
public struct ParabolicDynamics: Dynamics {
  /// The function F.
  public var layer: SymmetricLayer

  public static let branches = Branches(\ParabolicDynamics.layer)

  /// Creates the dynamics of a layer.
  public init(_ layer: SymmetricLayer) { self.layer = layer }

  public func callAsFunction(_ t: Tensor, _ y: Tensor) -> Tensor { countingEvaluation(layer(y)) }
}
