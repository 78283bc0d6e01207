public import ThalwegKernels
public import ThalwegTensors

/// A classifier of images whose hidden layers are partial differential equations.
///
///     opening:    convolution 3 × 3, normalisation, relu
///     block:      a PDE of symmetric layers, integrated in time
///     connector:  convolution 1 × 1, normalisation, relu; average of 2 × 2 pixels
///     block, connector, ...
///     classifier: average of 2 × 2 or of all pixels, dense
///
///     let network = try PDENetwork(.init(channels: [32], steps: 4), images: [1, 8, 8], classes: 10)
///     let logits = network(images)
///     let published = try PDENetwork(
///       .cifar10(.parabolic), images: [3, 32, 32], classes: 10, seed: 1)
///
/// Swapping the dynamics, the method, the normalisation or the boundary is swapping one word of the
/// configuration. Where something normalises by batches, the network is calibrated for use:
/// `network.calibrated(on: images)`.
///
/// - Stability: the steps of a block are h = span / steps. Bounded filters begin with ‖K‖ ≈ `gain`, and
///   a step is stable for h ‖K‖² < 2 (forward Euler, and the methods for Hamiltonian dynamics) or
///   h ‖K‖ < 2 (second order). The defaults, h = 1/2 and ‖K‖ = 1, leave room for the norm to double.
///   The published filters and steps of 1 rely on the normalisation instead.
/// - Shapes: `[batch, channels, height, width]` gives `[batch, classes]`.
/// - Errors: ``NetworkError`` where the configuration is impossible.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
public struct PDENetwork: ImageClassifier {
  public internal(set) var configuration: Configuration
  public var opening: NormalizedConvolution
  public var units: [ImageUnit<PDEBlock>]
  public var classifier: Dense

  public static let branches = Branches(\PDENetwork.opening, \.units, \.classifier)

  /// Creates a network with random weights for images of some channels, height and width.
  ///
  /// Without a seed the weights differ from run to run.
  public init(
    _ configuration: Configuration, images: Shape, classes: Int, seed: UInt64? = nil,
    dtype: DType = .float32
  ) throws(NetworkError) {
    let frame = try ImageFrame<PDEBlock>(
      configuration, images: images, classes: classes, seed: seed, dtype: dtype
    ) { channels, seed throws(NetworkError) in
      try PDEBlock(configuration, channels: channels, seed: seed, dtype: dtype)
    }
    self.configuration = configuration
    (opening, units, classifier) = (frame.opening, frame.units, frame.classifier)
  }

  /// What each block takes.
  package func blockInputs(_ x: Tensor) -> [Tensor] {
    var inputs = [opening(x)]
    for unit in units.dropLast() { inputs.append(unit(inputs[inputs.count - 1])) }
    return inputs
  }
}
