import ThalwegKernels
public import ThalwegTensors

/// The mean and the variance of each channel over a set of images.
///
///     let all = ChannelStatistics(of: first).merged(with: ChannelStatistics(of: second))
///     let layer = normalization.frozen(with: all)
///
/// - Shapes: `[channels]` of images `[batch, channels, height, width]`.
/// - Errors: traps for images of another rank, and where merged statistics differ in channels.
/// - Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for
///   computing sample variances", COMPSTAT 1982, doi:10.1007/978-3-642-51461-6_3.
public struct ChannelStatistics: Sendable {
  /// The mean of each channel.
  public let mean: Tensor
  /// The mean square of what differs from the mean.
  public let variance: Tensor
  /// The number of pixels they were measured on.
  public let count: Int

  /// Creates statistics that are known.
  public init(mean: Tensor, variance: Tensor, count: Int) {
    require(
      mean.rank == 1 && mean.type == variance.type && count > 0,
      "channel statistics: mean \(mean.shape) and variance \(variance.shape) of \(count) pixels")
    self.mean = mean
    self.variance = variance
    self.count = count
  }

  /// Measures the statistics of images.
  public init(of images: Tensor) {
    let (mean, centred) = Self.centred(images)
    self.init(
      mean: mean.reshaped(to: [mean.count]),
      variance: Self.variance(of: centred).reshaped(to: [mean.count]),
      count: images.count / Swift.max(mean.count, 1))
  }

  /// The means of channels in the shape that broadcasts, and images without them.
  static func centred(_ images: Tensor) -> (mean: Tensor, rest: Tensor) {
    require(
      images.rank == 4,
      "channel statistics: shape \(images.shape) is not [batch, channels, height, width]")
    let mean = ThalwegTensors.mean(images, over: [0, 2, 3], keepingAxes: true)
    return (mean, images - mean)
  }

  /// The variances of channels whose means are 0, in the shape that broadcasts.
  static func variance(of centred: Tensor) -> Tensor {
    ThalwegTensors.mean(square(centred), over: [0, 2, 3], keepingAxes: true)
  }

  /// The statistics of both sets of images together.
  public func merged(with other: ChannelStatistics) -> ChannelStatistics {
    require(
      mean.type == other.mean.type,
      "channel statistics: \(mean.shape) cannot be merged with \(other.mean.shape)")
    let part = Double(other.count) / Double(count + other.count)
    let distance = other.mean - mean
    return ChannelStatistics(
      mean: mean + part * distance,
      variance: (1 - part) * variance + part * other.variance
        + part * (1 - part) * square(distance),
      count: count + other.count)
  }
}
