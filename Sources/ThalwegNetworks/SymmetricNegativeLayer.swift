import ThalwegKernels
public import ThalwegTensors

/// A symmetric layer that damps: differences decay at least at a given rate.
///
///     F(y) = -Kᵀ σ(K y + b) - γ y
///
/// Its Jacobian -Kᵀ D K - γ is symmetric, with eigenvalues from -‖K‖² - γ to -γ for slopes of σ between
/// 0 and 1.
///
///     let field = ODE(SymmetricNegativeLayer(SymmetricLayer(8), damping: 0.1)) { t, y, F in F(y) }
///
/// - Stability: forward Euler needs h (‖K‖² + γ) ≤ 2. For h (‖K‖² + 2γ) ≤ 2 every step shrinks
///   differences by 1 - hγ or more.
/// - Cost: that of the symmetric layer.
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Source: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems
///   34 (2018) 014004, doi:10.1088/1361-6420/aa9a90, section 4, with the layer of L. Ruthotto, E. Haber,
///   "Deep Neural Networks Motivated by Partial Differential Equations", arXiv:1804.04272, equation (7).
public struct SymmetricNegativeLayer: Layer {
  /// The layer without damping.
  public var layer: SymmetricLayer
  /// The number γ, at least 0.
  public let damping: Double

  public static let branches = Branches(\SymmetricNegativeLayer.layer)

  /// Creates a layer with a damping that is not negative.
  public init(_ layer: SymmetricLayer, damping: Double = 0) {
    require(damping >= 0, "symmetric negative layer: a damping of \(damping) is negative")
    self.layer = layer
    self.damping = damping
  }

  public func callAsFunction(_ y: Tensor) -> Tensor { layer(y) - damping * y }

  public func calibrated(on y: Tensor) -> Self { Self(layer.calibrated(on: y), damping: damping) }
}
