public import ThalwegTensors

/// Residual layers one after the other, with filters of their own.
///
///     let block = ResidualBlock((1...3).map { ResidualLayer(16, seed: $0) })
///
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR
///   2016, arXiv:1512.03385.
public struct ResidualBlock: Layer {
  /// The layers in order.
  public var layers: [ResidualLayer]

  public static let branches = Branches(\ResidualBlock.layers)

  /// Creates a block of layers.
  public init(_ layers: [ResidualLayer]) { self.layers = layers }

  public func callAsFunction(_ y: Tensor) -> Tensor {
    layers.reduce(y) { y, layer in layer(y) }
  }

  public func calibrated(on y: Tensor) -> ResidualBlock {
    var y = y
    return ResidualBlock(
      layers.map { layer in
        let layer = layer.calibrated(on: y)
        y = layer(y)
        return layer
      })
  }
}
