public import ThalwegKernels
public import ThalwegTensors

/// A layer whose weights turn features instead of stretching them.
///
///     F(y) = σ(½ (K - Kᵀ - γ) y + b)
///
/// K is a matrix for features and a convolution for images. K - Kᵀ has imaginary eigenvalues, and γ
/// moves them to the left.
///
///     let field = ODE(AntisymmetricLayer(features: 8, damping: 0.1)) { t, y, layer in layer(y) }
///
/// - Stability: where σ' is alike for all units the eigenvalues of the Jacobian are σ' (-γ ± iω) / 2.
///   Forward Euler needs γ > 0 and h ≤ 4 γ / (γ² + ω²); without γ it amplifies at any step, and a method
///   that is stable on the imaginary axis is needed, such as ``LeapfrogMidpoint`` or Runge-Kutta of order
///   4. In general the eigenvalues have no positive real part.
/// - Cost: two products with K.
/// - Shapes: `[batch..., features]` or `[batch, channels, height, width]`, unchanged.
/// - Source: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems
///   34 (2018) 014004, doi:10.1088/1361-6420/aa9a90, equation (4.12).
public struct AntisymmetricLayer: Layer {
  /// The matrix `[features, features]`, or the filters `[channels, channels, 3, 3]`.
  public var kernel: Tensor
  /// What is added to each feature or channel before the activation, if anything.
  public var bias: Tensor?
  /// The function σ.
  public let activation: Activation
  /// The number γ, at least 0.
  public let damping: Double

  public static let branches = Branches(\AntisymmetricLayer.kernel, \.bias)

  /// Creates a layer for features; without a seed the weights differ from run to run.
  public init(
    features: Int, damping: Double = 0, activation: Activation = .tanh, bias: Bool = true,
    seed: UInt64? = nil, dtype: DType = .float32
  ) {
    self.init([features, features], damping, activation, bias: bias, seed: seed, dtype: dtype)
  }

  /// Creates a layer for images; without a seed the filters differ from run to run.
  public init(
    channels: Int, damping: Double = 0, activation: Activation = .tanh, bias: Bool = true,
    seed: UInt64? = nil, dtype: DType = .float32
  ) {
    self.init(
      [channels, channels, 3, 3], damping, activation, bias: bias, seed: seed, dtype: dtype)
  }

  private init(
    _ shape: Shape, _ damping: Double, _ activation: Activation, bias: Bool, seed: UInt64?,
    dtype: DType
  ) {
    require(shape[0] > 0, "antisymmetric layer: \(shape[0]) features")
    require(damping >= 0, "antisymmetric layer: a damping of \(damping) is negative")
    let inputs = shape.elementCount / shape[0]
    kernel = .glorot(shape, inputs: inputs, outputs: inputs, seed: seed, dtype: dtype)
    self.bias = bias ? .zeros([shape[0]], dtype: dtype) : nil
    self.activation = activation
    self.damping = damping
  }

  public func callAsFunction(_ y: Tensor) -> Tensor {
    let z = 0.5 * (turned(y) - damping * y)
    guard let bias else { return activation(z) }
    return activation(z + (kernel.rank == 4 ? bias.perChannel : bias))
  }

  /// (K - Kᵀ) y.
  private func turned(_ y: Tensor) -> Tensor {
    guard kernel.rank == 4 else { return matmul(y, kernel) - matmul(y, kernel.transposed) }
    return convolution(y, kernel) - transposedConvolution(y, kernel)
  }
}
