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
public struct PDENetwork: Layer {
  /// What the network is made of.
  public internal(set) var configuration: Configuration
  /// The first layer.
  public var opening: NormalizedConvolution
  /// The blocks with what follows each.
  public var units: [PDEUnit]
  /// The last layer.
  public var classifier: Dense

  public static let branches = Branches(\PDENetwork.opening, \.units, \.classifier)

  /// Creates a network with random weights for images of some channels, height and width.
  ///
  /// Without a seed the weights differ from run to run.
  public init(
    _ configuration: Configuration, images: Shape, classes: Int, seed: UInt64? = nil,
    dtype: DType = .float32
  ) throws(NetworkError) {
    try configuration.validate(images)
    let seed = seed ?? .random(in: .min ... .max)
    var seeds = RandomSequence(seed: seed, purpose: 1)
    self.configuration = configuration
    opening = NormalizedConvolution(
      images[0], configuration.channels[0], stride: configuration.stride,
      normalization: configuration.connection, boundary: configuration.boundary,
      start: configuration.start, arithmetic: configuration.arithmetic, seed: seeds.next(),
      dtype: dtype)
    units = []
    for index in 0..<configuration.blocks {
      units.append(try PDEUnit(configuration, block: index, dtype: dtype, seeds: &seeds))
    }
    let sides = images.dimensions.dropFirst().map { configuration.reduced($0) }
    let features = configuration.features ?? configuration.channels[configuration.blocks - 1]
    let last = seeds.next()
    classifier = Dense(features * sides[0] * sides[1], classes, seed: last, dtype: dtype)
    if configuration.start == .published {
      let shape = classifier.weight.shape
      let weights = InitialFilters.publishedClassifier(
        [shape[0] + 1, shape[1]], seed: last, dtype: dtype)
      classifier.weight = weights.slice(0..<shape[0])
      classifier.bias = weights.slice(shape[0]..<shape[0] + 1).reshaped(to: [shape[1]])
    }
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    classifier(Flatten()(units.reduce(opening(x)) { y, unit in unit(y) }))
  }

  public func calibrated(on x: Tensor) -> PDENetwork {
    var network = self
    network.opening = opening.calibrated(on: x)
    var y = network.opening(x)
    for index in units.indices {
      network.units[index] = units[index].calibrated(on: y)
      y = network.units[index](y)
    }
    return network
  }

  /// What each block takes.
  package func blockInputs(_ x: Tensor) -> [Tensor] {
    var inputs = [opening(x)]
    for unit in units.dropLast() { inputs.append(unit(inputs[inputs.count - 1])) }
    return inputs
  }
}
