public import ThalwegKernels
public import ThalwegTensors

/// Groups of channels brought to mean 0 and variance 1, image by image.
///
///     y = (x - mean x) / √(var x + ε) · scale + bias
///
/// Mean and variance are taken over the pixels of all channels of a group. With as many groups as
/// channels it is ``InstanceNormalization``; with one group all numbers of an image are taken
/// together. Examples do not influence each other.
///
///     let layer = GroupNormalization(8, channels: 32)  // groups of 4 channels
///
/// - Shapes: `[batch, channels, height, width]`; scale and bias are `[channels]`.
/// - Errors: traps for other ranks, where the channels are no multiple of the groups, and where they
///   are not those of scale and bias.
/// - Source: Y. Wu, K. He, "Group normalization", ECCV 2018, arXiv:1803.08494.
public struct GroupNormalization: Layer {
  /// What each normalised channel is multiplied by, if anything.
  public var scale: Tensor?
  /// What is then added to it, if anything.
  public var bias: Tensor?
  /// The number of groups.
  public let groups: Int
  /// What keeps the quotient finite where a group is constant.
  public let epsilon: Double

  public static let branches = Branches(\GroupNormalization.scale, \.bias)

  /// Creates the layer without parameters.
  public init(_ groups: Int, epsilon: Double = 1e-5) {
    require(groups > 0, "group normalisation: \(groups) groups")
    require(epsilon > 0, "group normalisation: epsilon \(epsilon) is not positive")
    self.groups = groups
    self.epsilon = epsilon
  }

  /// Creates the layer with a trained scale and bias for each channel, 1 and 0 to begin with.
  public init(_ groups: Int, channels: Int, epsilon: Double = 1e-5, dtype: DType = .float32) {
    self.init(groups, epsilon: epsilon)
    require(
      channels % groups == 0,
      "group normalisation: \(channels) channels are no multiple of \(groups) groups")
    scale = .ones([channels], dtype: dtype)
    bias = .zeros([channels], dtype: dtype)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4 && x.shape[1] % groups == 0 && (scale?.count ?? x.shape[1]) == x.shape[1],
      "group normalisation: input \(x.shape) in \(groups) groups with a scale of"
        + " \(scale?.shape ?? [])")
    let centred = x - overGroups(mean(x, over: [2, 3]))
    let factor = 1 / sqrt(overGroups(mean(square(centred), over: [2, 3])) + epsilon)
    guard let scale, let bias else { return centred * factor }
    return centred * (factor * scale.perChannel) + bias.perChannel
  }

  /// The means of groups of means of channels, for each channel, in the shape that broadcasts.
  // Images themselves are not regrouped, so that they are read as they are stored.
  private func overGroups(_ means: Tensor) -> Tensor {
    let (batch, channels) = (means.shape[0], means.shape[1])
    let grouped = means.reshaped(to: [batch, groups, channels / groups])
    return mean(grouped, over: [2], keepingAxes: true).broadcast(to: grouped.shape)
      .reshaped(to: [batch, channels, 1, 1])
  }
}
