public import ThalwegKernels
public import ThalwegTensors

/// A plain residual network in the frame of a ``PDENetwork``, of about as many weights: what a network of
/// equations is compared with.
///
///     let peer = try ResidualNetwork(.cifar10(.parabolic), images: [3, 32, 32], classes: 10)
///
/// Opening, connectors, averages and classifier are those of the configuration, and so is the number of
/// layers of a block, its `steps`. The layers are ``ResidualLayer`` with the normalisation of the
/// connectors. One has two convolutions, where a ``SymmetricLayer`` has one and its transpose, so that
/// the channels are fewer by √2. What the configuration says of equations in time has no meaning here.
///
/// - Shapes: `[batch, channels, height, width]` gives `[batch, classes]`.
/// - Errors: ``NetworkError`` where the configuration is impossible.
/// - Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR
///   2016, arXiv:1512.03385.
public struct ResidualNetwork: ImageClassifier {
  public let configuration: PDENetwork.Configuration
  public var opening: NormalizedConvolution
  public var units: [ImageUnit<ResidualBlock>]
  public var classifier: Dense

  public static let branches = Branches(\ResidualNetwork.opening, \.units, \.classifier)

  /// Creates a network with random weights for images of some channels, height and width.
  ///
  /// Without a seed the weights differ from run to run. The channels of the configuration are those of
  /// the network that this one is compared with; ``configuration`` has its own.
  public init(
    _ configuration: PDENetwork.Configuration, images: Shape, classes: Int, seed: UInt64? = nil,
    dtype: DType = .float32
  ) throws(NetworkError) {
    var own = configuration
    own.channels = configuration.channels.map { Int((Double($0) / 2.squareRoot()).rounded()) }
    own.dynamics = .parabolic
    own.normalization = configuration.connection
    guard own.steps > 0 else {
      throw .unsuitableSize("steps", value: own.steps, expected: "at least 1")
    }
    let frame = try ImageFrame<ResidualBlock>(
      own, images: images, classes: classes, seed: seed, dtype: dtype
    ) { channels, seed in
      var seeds = RandomSequence(seed: seed)
      return ResidualBlock(
        (0..<own.steps).map { _ in
          ResidualLayer(
            channels, normalization: own.connection, boundary: own.boundary, start: own.start,
            arithmetic: own.arithmetic, seed: seeds.next(), dtype: dtype)
        })
    }
    self.configuration = own
    (opening, units, classifier) = (frame.opening, frame.units, frame.classifier)
  }

  /// The decay of filters and classifier; layers are not steps in time, so that nothing is smooth.
  public func penalty(_ regularization: Regularization) -> Tensor {
    let layers = units.flatMap(\.block.layers)
    var terms = framePenalties(regularization)
    if regularization.decay > 0 {
      terms += layers.flatMap { [$0.inner, $0.outer] }.map {
        regularization.decay / 2 * sum(square($0.convolution.weight))
      }
    }
    return terms.reduce(Tensor.zeros([], dtype: classifier.weight.dtype), +)
  }
}
