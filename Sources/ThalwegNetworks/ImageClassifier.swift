import ThalwegKernels
public import ThalwegTensors

/// A classifier of images that is made of blocks, each on half the resolution of the one before.
///
///     opening:    convolution 3 × 3, normalisation, relu
///     block
///     connector:  convolution 1 × 1, normalisation, relu; average of 2 × 2 pixels
///     block, connector, ...
///     classifier: average of 2 × 2 or of all pixels, dense
///
/// The blocks are what ``PDENetwork`` and ``ResidualNetwork`` differ by.
///
/// - Shapes: `[batch, channels, height, width]` gives `[batch, classes]`.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
public protocol ImageClassifier: Layer {
  /// The kind of blocks.
  associatedtype Block: Layer

  /// What the network is made of.
  var configuration: PDENetwork.Configuration { get }
  /// The first layer.
  var opening: NormalizedConvolution { get set }
  /// The blocks with what follows each.
  var units: [ImageUnit<Block>] { get set }
  /// The last layer.
  var classifier: Dense { get set }

  /// What a regularisation adds to the loss, as a scalar that can be differentiated.
  func penalty(_ regularization: Regularization) -> Tensor
}

extension ImageClassifier {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    classifier(Flatten()(units.reduce(opening(x)) { y, unit in unit(y) }))
  }

  public func calibrated(on x: Tensor) -> Self {
    var network = self
    network.opening = opening.calibrated(on: x)
    var y = network.opening(x)
    for index in units.indices {
      network.units[index] = units[index].calibrated(on: y)
      y = network.units[index](y)
    }
    return network
  }

  /// The network with all weights cut off at a bound.
  ///
  ///     θ ← min(max(θ, -bound), bound)
  ///
  /// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
  ///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 4, where it is 1.
  public func clamped(to bound: Double) -> Self {
    require(bound > 0, "clamp: a bound of \(bound) is not positive")
    return mapLeaves { min(max($0, Tensor(-bound)), Tensor(bound)) }
  }

  /// What a regularisation adds for all but the blocks.
  func framePenalties(_ regularization: Regularization) -> [Tensor] {
    var terms: [Tensor] = []
    if regularization.decay > 0 {
      let filters = [opening.convolution.weight] + units.compactMap(\.connector?.convolution.weight)
      terms += filters.map { regularization.decay / 2 * sum(square($0)) }
    }
    if regularization.classifierDecay > 0 {
      terms += classifier.leaves.map { regularization.classifierDecay / 2 * sum(square($0)) }
    }
    return terms
  }
}
