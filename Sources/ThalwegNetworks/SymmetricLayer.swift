public import ThalwegKernels
public import ThalwegTensors

/// A convolution, an activation, and the transpose of the same convolution, with a minus sign.
///
///     F(y) = -Kᵀ σ(s · N(K y) + b)
///
/// The scale s and the bias b of each channel are optional. For a monotone activation and no
/// normalisation the Jacobian -Kᵀ D K is symmetric and negative semidefinite, whatever the weights:
/// F is the right-hand side of a nonlinear diffusion, and what the symmetric layers of
/// ``ParabolicDynamics``, ``HamiltonianDynamics`` and ``SecondOrderSymmetricDynamics`` are made of.
///
/// - Stability: the slopes of σ are at most 1, so that steps h with h ‖K‖² ≤ 2 are stable for
///   forward Euler. The initial filters are random with ‖K‖ ≈ `gain`; training changes the norm, so
///   that gain and h should leave room for its growth. A scale puts max s into the bound, and spoils
///   it where it is negative. With normalisation before the activation the Jacobian is not symmetric
///   and no bound is known, unless the normalisation is by batches and frozen. With total variation
///   normalisation behind it, `.totalVariation(.provable)`, relu has a Jacobian that is symmetric and
///   negative semidefinite, and the bound h ‖K‖² max s² ≤ 2 √ε, where ε = 0.001.
/// - Cost: two convolutions.
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (7).
public struct SymmetricLayer: Layer {
  /// The filters of K, `[channels, channels, 3, 3]`.
  public var kernel: Tensor
  /// What each channel is multiplied by behind the normalisation, if anything.
  public var scale: Tensor?
  /// What is added to each channel before the activation, if anything.
  public var bias: Tensor?
  /// The function σ.
  public let activation: Activation
  /// The function N.
  public private(set) var normalization: Normalization
  /// What lies outside the images.
  public let boundary: Boundary
  /// How the products of the convolutions are formed.
  public let arithmetic: ConvolutionArithmetic
  /// What gathers the statistics of the convolution, while they are measured.
  private var recorder: StatisticsRecorder?
  /// Tells plans of layers that look at the batch from others, frozen ones among them.
  private static let ofBatch = StructureToken()

  public static let branches = Branches(\SymmetricLayer.kernel, \.scale, \.bias)

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    if normalization == .batch { leaves.identify(by: Self.ofBatch) }
    if let token = arithmetic.token { leaves.identify(by: token) }
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates a layer with random filters; without a seed they differ from run to run.
  ///
  /// Scales are 1 and biases 0 to begin with.
  public init(
    _ channels: Int, activation: Activation = .relu, normalization: Normalization = .none,
    scale: Bool = false, bias: Bool = true, gain: Double = 1, start: InitialFilters = .bounded,
    boundary: Boundary = .zero, arithmetic: ConvolutionArithmetic = .exact, seed: UInt64? = nil,
    dtype: DType = .float32
  ) {
    require(
      channels > 0 && channels % normalization.groups == 0,
      "symmetric layer: \(channels) channels with normalisation \(normalization)")
    kernel = start.filters(
      [channels, channels, 3, 3], gain: gain, seed: seed ?? .random(in: .min ... .max),
      dtype: dtype)
    self.scale = scale ? .ones([channels], dtype: dtype) : nil
    self.bias = bias ? .zeros([channels], dtype: dtype) : nil
    self.activation = activation
    self.normalization = normalization
    self.boundary = boundary
    self.arithmetic = arithmetic
  }

  public func callAsFunction(_ y: Tensor) -> Tensor {
    var z = convolved(y)
    recorder?.record(z)
    z = normalization.beforeActivation(z)
    if let scale { z = z * scale.perChannel }
    if let bias { z = z + bias.perChannel }
    var response = activation(z)
    if normalization == .totalVariation(.provable) {
      response = TotalVariationNormalization()(response)
      // The same scale on both sides, for what follows K to stay the gradient of a function.
      if let scale { response = response * scale.perChannel }
    }
    return -transposedConvolution(
      response, kernel, boundary: boundary, arithmetic: arithmetic)
  }

  /// K y.
  func convolved(_ y: Tensor) -> Tensor {
    convolution(y, kernel, boundary: boundary, arithmetic: arithmetic)
  }

  /// The layer without normalisation that is the same function of images with given statistics.
  private func frozen(with statistics: ChannelStatistics) -> SymmetricLayer {
    var layer = self
    var normalization = BatchNormalization()
    (normalization.scale, normalization.bias) = (scale, bias)
    let frozen = normalization.frozen(with: statistics)
    (layer.scale, layer.bias) = (frozen.scale, frozen.bias)
    (layer.normalization, layer.recorder) = (.none, nil)
    return layer
  }

  /// Frozen with the statistics that images have behind the convolution.
  public func calibrated(on y: Tensor) -> SymmetricLayer {
    guard normalization == .batch else { return self }
    return frozen(with: ChannelStatistics(of: convolved(y)))
  }

  /// The layer in a form that gathers the statistics it needs at every call.
  func measured() -> SymmetricLayer {
    var layer = self
    layer.recorder = normalization == .batch ? StatisticsRecorder() : nil
    return layer
  }

  /// Frozen with the statistics that it has gathered, if there are any.
  func frozen() -> SymmetricLayer { recorder?.statistics.map(frozen(with:)) ?? self }
}
