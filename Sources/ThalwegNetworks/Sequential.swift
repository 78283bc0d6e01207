public import ThalwegTensors

/// Layers applied one after the other.
///
///     let net = Sequential(Conv2D(1, 16), Activation.relu, GlobalAverage(), Dense(16, 10))
///
/// - Shapes: what a layer returns is what the next one takes.
public struct Sequential: Layer {
  /// The layers in order.
  public private(set) var layers: [any Layer]

  /// Creates a chain of layers.
  public init(_ layers: any Layer...) { self.layers = layers }

  /// Creates a chain of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// A chain's branches are its layers, which are walked through one by one.
  public static var branches: Branches<Sequential> { Branches() }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    for (index, layer) in layers.enumerated() {
      layer.collectLeaves(into: &leaves, path: path.isEmpty ? "\(index)" : "\(path).\(index)")
    }
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    for index in layers.indices { layers[index].replaceLeaves(from: &source) }
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x) { x, layer in layer(x) }
  }

  public func calibrated(on x: Tensor) -> Sequential {
    var x = x
    return Sequential(
      layers.map { layer in
        let layer = layer.calibrated(on: x)
        x = layer(x)
        return layer
      })
  }
}
