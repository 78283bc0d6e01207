import ThalwegKernels
public import ThalwegTensors

/// The mean of each channel of an image.
///
/// - Shapes: `[batch, channels, height, width]` gives `[batch, channels]`.
/// - Errors: traps for other ranks.
/// - Source: M. Lin, Q. Chen, S. Yan, "Network in network", ICLR 2014, arXiv:1312.4400.
public struct GlobalAverage: Layer {
  /// Creates the layer.
  public init() {}

  public static var branches: Branches<GlobalAverage> { Branches() }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4, "global average: shape \(x.shape) is not [batch, channels, height, width]")
    return mean(x, over: [2, 3])
  }
}
