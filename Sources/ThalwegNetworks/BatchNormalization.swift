public import ThalwegKernels
public import ThalwegTensors

/// Each channel brought to mean 0 and variance 1 over the pixels of all images of a batch.
///
///     y = (x - mean x) / √(var x + ε) · scale + bias
///
/// In training the examples of a batch influence each other. Afterwards the layer is to be a
/// function of each example: it is frozen with statistics that are measured once.
///
///     let inUse = network.calibrated(on: images)                 // all layers of a network
///     let layer = trained.frozen(with: ChannelStatistics(of: x))   // this one
///
/// A frozen layer is y = x · scale + bias. The statistics have become part of scale and bias, which
/// are the only tensors, as before: they are saved, loaded and differentiated as ever, and a network
/// that is trained further keeps them until it moves them.
///
/// - Stability: a frozen layer is linear. With positive scales it leaves the Jacobian of a
///   ``SymmetricLayer`` symmetric and negative semidefinite.
/// - Shapes: `[batch, channels, height, width]`; scale and bias are `[channels]`.
/// - Errors: traps for other ranks, where the channels are not those of scale and bias, and where a
///   frozen layer is frozen once more.
/// - Source: S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
///   reducing internal covariate shift", ICML 2015, arXiv:1502.03167.
public struct BatchNormalization: Layer {
  /// What each normalised channel is multiplied by, if anything.
  public var scale: Tensor?
  /// What is then added to it, if anything.
  public var bias: Tensor?
  /// What keeps the quotient finite where a channel is constant.
  public let epsilon: Double
  /// Whether the layer no longer looks at the batch.
  public private(set) var isFrozen = false
  /// Tells plans of frozen layers from others, whose tensors may have the same shapes.
  private static let frozen = StructureToken()

  public static let branches = Branches(\BatchNormalization.scale, \.bias)

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    if isFrozen { leaves.identify(by: Self.frozen) }
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates the layer without parameters.
  public init(epsilon: Double = 1e-5) {
    require(epsilon > 0, "batch normalisation: epsilon \(epsilon) is not positive")
    self.epsilon = epsilon
  }

  /// Creates the layer with a trained scale and bias for each channel, 1 and 0 to begin with.
  public init(channels: Int, epsilon: Double = 1e-5, dtype: DType = .float32) {
    self.init(epsilon: epsilon)
    scale = .ones([channels], dtype: dtype)
    bias = .zeros([channels], dtype: dtype)
  }

  /// The layer with fixed statistics.
  public func frozen(with statistics: ChannelStatistics) -> BatchNormalization {
    require(!isFrozen, "batch normalisation: the layer is frozen already")
    var layer = self
    let factor = (scale ?? 1) / sqrt(statistics.variance + epsilon)
    let shift = factor * statistics.mean
    layer.scale = factor
    layer.bias = bias.map { $0 - shift } ?? -shift
    layer.isFrozen = true
    return layer
  }

  public func calibrated(on x: Tensor) -> BatchNormalization {
    isFrozen ? self : frozen(with: ChannelStatistics(of: x))
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4 && (scale?.count ?? x.shape[1]) == x.shape[1],
      "batch normalisation: input \(x.shape) with a scale of \(scale?.shape ?? [])")
    if isFrozen, let scale, let bias { return x * scale.perChannel + bias.perChannel }
    let centred = ChannelStatistics.centred(x).rest
    let factor = 1 / sqrt(ChannelStatistics.variance(of: centred) + epsilon)
    guard let scale, let bias else { return centred * factor }
    return centred * (factor * scale.perChannel) + bias.perChannel
  }
}
