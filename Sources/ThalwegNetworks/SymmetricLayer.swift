public import ThalwegKernels
public import ThalwegTensors

/// A convolution, an activation, and the transpose of the same convolution, with a minus sign.
///
///     F(y) = -Kᵀ σ(N(K y) + b)
///
/// For a monotone activation and no normalisation the Jacobian -Kᵀ D K is symmetric and negative
/// semidefinite, whatever the weights: F is the right-hand side of a nonlinear diffusion, and what
/// the symmetric layers of ``ParabolicDynamics``, ``HamiltonianDynamics`` and
/// ``SecondOrderSymmetricDynamics`` are made of.
///
/// - Stability: the slopes of σ are at most 1, so that steps h with h ‖K‖² ≤ 2 are stable for
///   forward Euler. The initial filters are random with ‖K‖ ≈ `gain`; training changes the norm, so
///   that gain and h should leave room for its growth. With instance normalisation the Jacobian is
///   no longer symmetric and no such bound is known.
/// - Cost: two convolutions.
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (7).
public struct SymmetricLayer: Layer {
  /// What stands between the convolution and the activation.
  public enum Normalization: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// Instance normalisation without parameters of its own.
    case instance
  }

  /// The filters of K, `[channels, channels, 3, 3]`.
  public var kernel: Tensor
  /// What is added to each channel before the activation, if anything.
  public var bias: Tensor?
  /// The function σ.
  public let activation: Activation
  /// The function N.
  public let normalization: Normalization

  public static let branches = Branches(\SymmetricLayer.kernel, \.bias)

  /// Creates a layer with random filters; without a seed they differ from run to run.
  public init(
    _ channels: Int, activation: Activation = .relu, normalization: Normalization = .none,
    bias: Bool = true, gain: Double = 1, seed: UInt64? = nil, dtype: DType = .float32
  ) {
    require(channels > 0, "symmetric layer: \(channels) channels")
    // The norm of a random convolution is close to twice the root of channels × 9 × variance.
    let bound = gain / 2 * (3 / Double(9 * channels)).squareRoot()
    var random = RandomSequence(seed: seed ?? .random(in: .min ... .max))
    let values = (0..<channels * channels * 9).map { _ in
      Double.random(in: -bound...bound, using: &random)
    }
    kernel = Tensor(values, shape: [channels, channels, 3, 3], dtype: dtype)
    self.bias = bias ? .zeros([channels], dtype: dtype) : nil
    self.activation = activation
    self.normalization = normalization
  }

  public func callAsFunction(_ y: Tensor) -> Tensor {
    var z = convolution(y, kernel)
    if normalization == .instance { z = InstanceNormalization()(z) }
    if let bias { z = z + bias.perChannel }
    return -transposedConvolution(activation(z), kernel)
  }
}
