public import ThalwegKernels
public import ThalwegTensors

/// Each channel of each image brought to mean 0 and variance 1 over its pixels.
///
///     y = (x - mean x) / √(var x + ε) · scale + bias
///
/// Unlike normalisation over a batch it treats examples one by one, so that training and use are
/// the same function and examples do not influence each other.
///
/// - Shapes: `[batch, channels, height, width]`; scale and bias are `[channels]`.
/// - Errors: traps for other ranks, and where the channels are not those of scale and bias.
/// - Source: D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization: the missing ingredient
///   for fast stylization", 2016, arXiv:1607.08022.
public struct InstanceNormalization: Layer {
  /// What each normalised channel is multiplied by, if anything.
  public var scale: Tensor?
  /// What is then added to it, if anything.
  public var bias: Tensor?
  /// What keeps the quotient finite where a channel is constant.
  public let epsilon: Double

  public static let branches = Branches(\InstanceNormalization.scale, \.bias)

  /// Creates the layer without parameters.
  public init(epsilon: Double = 1e-5) {
    require(epsilon > 0, "instance normalisation: epsilon \(epsilon) is not positive")
    self.epsilon = epsilon
  }

  /// Creates the layer with a trained scale and bias for each channel, 1 and 0 to begin with.
  public init(channels: Int, epsilon: Double = 1e-5, dtype: DType = .float32) {
    self.init(epsilon: epsilon)
    scale = .ones([channels], dtype: dtype)
    bias = .zeros([channels], dtype: dtype)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4 && (scale?.count ?? x.shape[1]) == x.shape[1],
      "instance normalisation: input \(x.shape) with a scale of \(scale?.shape ?? [])")
    let centred = x - mean(x, over: [2, 3], keepingAxes: true)
    // One quotient for each channel, not for each pixel.
    let factor = 1 / sqrt(variance(x, over: [2, 3], keepingAxes: true) + epsilon)
    guard let scale, let bias else { return centred * factor }
    return centred * (factor * scale.perChannel) + bias.perChannel
  }
}
