public import ThalwegDynamics
public import ThalwegTensors

/// A network whose weights turn features instead of stretching them.
///
///     Y' = σ(½ (K - Kᵀ - γ) Y + b)
///
///     let stages = (0..<16).map { _ in AntisymmetricDynamics(AntisymmetricLayer(features: 4)) }
///     let block = Flow(stages: stages, over: 0...20, using: RungeKutta(.classic))
///
/// - Stability: that of ``AntisymmetricLayer``.
/// - Shapes: those of the layer.
/// - Source: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems
///   34 (2018) 014004, doi:10.1088/1361-6420/aa9a90, equation (4.12).
public struct AntisymmetricDynamics: Dynamics {
  /// The right-hand side.
  public var layer: AntisymmetricLayer

  public static let branches = Branches(\AntisymmetricDynamics.layer)

  /// Creates the dynamics of a layer.
  public init(_ layer: AntisymmetricLayer) { self.layer = layer }

  public func callAsFunction(_ t: Tensor, _ y: Tensor) -> Tensor { countingEvaluation(layer(y)) }
}
