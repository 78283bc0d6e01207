public import ThalwegTensors

/// The mean over square windows that do not overlap.
///
/// - Shapes: `[batch, channels, height, width]` gives `[..., height / size, width / size]`.
/// - Errors: traps where the size does not divide the image.
/// - Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
///   document recognition", Proc. IEEE 86 (1998), doi:10.1109/5.726791.
public struct AveragePool: Layer {
  /// The height and width of a window.
  public let size: Int

  /// Creates the layer.
  public init(_ size: Int = 2) { self.size = size }

  public static var branches: Branches<AveragePool> { Branches() }

  public func callAsFunction(_ x: Tensor) -> Tensor { averagePool(x, size: size) }
}
