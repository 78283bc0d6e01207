public import ThalwegKernels
public import ThalwegTensors

/// A classifier of images whose hidden layers are partial differential equations.
///
///     opening:    convolution 3 × 3, instance normalisation, relu
///     block:      a PDE of symmetric layers, integrated in time
///     connector:  convolution 1 × 1, instance normalisation, relu, average of 2 × 2 pixels
///     block, ...
///     classifier: average of 2 × 2 pixels, dense
///
///     let network = try PDENetwork(.init(channels: 32, steps: 4), images: [1, 8, 8], classes: 10)
///     let logits = network(images)
///
/// - Stability: the steps of a block are h = span / steps. The filters begin with ‖K‖ ≈ `gain`, and
///   a step is stable for h ‖K‖² < 2 (forward Euler, and the methods for Hamiltonian dynamics) or
///   h ‖K‖ < 2 (second order). The defaults, h = 1/2 and ‖K‖ = 1, leave room for the norm to double.
/// - Shapes: `[batch, channels, height, width]` gives `[batch, classes]`.
/// - Errors: ``NetworkError`` where the configuration is impossible.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5; there with batch and
///   total variation normalisation, and a global average before the classifier.
public struct PDENetwork: Layer {
  /// What a network is made of.
  public struct Configuration: Hashable, Sendable {
    /// The kind of dynamics of every block.
    public var dynamics: DynamicsName
    /// How blocks are integrated.
    public var integrator: IntegratorName
    /// How blocks are differentiated.
    public var adjoint: AdjointName
    /// The channels of the first block; each further one has twice those of the one before.
    public var channels: Int
    /// The steps of each block.
    public var steps: Int
    /// The time over which each block is integrated.
    public var span: Double
    /// The number of blocks, each on half the resolution of the one before.
    public var blocks: Int
    /// The stride of the opening, by which large images are made smaller first.
    public var stride: Int
    /// The norm of the filters to begin with.
    public var gain: Double
    /// The activation within the blocks.
    public var activation: Activation
    /// The normalisation within the blocks.
    public var normalization: SymmetricLayer.Normalization
    /// How the products of convolutions are formed.
    public var arithmetic: ConvolutionArithmetic

    /// Creates a configuration.
    public init(
      dynamics: DynamicsName = .hamiltonian, integrator: IntegratorName = .verlet,
      adjoint: AdjointName = .reversible, channels: Int = 32, steps: Int = 4,
      span: Double = 2, blocks: Int = 1, stride: Int = 1, gain: Double = 1,
      activation: Activation = .relu, normalization: SymmetricLayer.Normalization = .none,
      arithmetic: ConvolutionArithmetic = .exact
    ) {
      self.dynamics = dynamics
      self.integrator = integrator
      self.adjoint = adjoint
      self.channels = channels
      self.steps = steps
      self.span = span
      self.blocks = blocks
      self.stride = stride
      self.gain = gain
      self.activation = activation
      self.normalization = normalization
      self.arithmetic = arithmetic
    }

    /// The rows or columns behind the opening.
    func opened(_ side: Int) -> Int { (side - 1) / stride + 1 }

    /// The rows or columns behind the last block.
    func reduced(_ side: Int) -> Int { opened(side) >> blocks }
  }

  /// What the network is made of.
  public let configuration: Configuration
  /// The first convolution.
  public var opening: Conv2D
  /// The normalisation behind it.
  public var normalization: InstanceNormalization
  /// The blocks with what connects them.
  public var units: [PDEUnit]
  /// The last layer.
  public var classifier: Dense

  public static let branches = Branches(
    \PDENetwork.opening, \.normalization, \.units, \.classifier)

  /// Creates a network with random weights for images of some channels, height and width.
  ///
  /// Without a seed the weights differ from run to run.
  public init(
    _ configuration: Configuration, images: Shape, classes: Int, seed: UInt64? = nil,
    dtype: DType = .float32
  ) throws(NetworkError) {
    try Self.validate(configuration, images)
    let seed = seed ?? .random(in: .min ... .max)
    var seeds = RandomSequence(seed: seed, purpose: 1)
    self.configuration = configuration
    opening = Conv2D(
      images[0], configuration.channels, stride: configuration.stride, bias: false,
      arithmetic: configuration.arithmetic, seed: seeds.next(), dtype: dtype)
    normalization = InstanceNormalization(channels: configuration.channels, dtype: dtype)
    units = []
    for index in 0..<configuration.blocks {
      units.append(
        try PDEUnit(
          configuration, isFirst: index == 0, channels: configuration.channels << index,
          dtype: dtype, seeds: &seeds))
    }
    let sides = images.dimensions.dropFirst().map { configuration.reduced($0) }
    classifier = Dense(
      (configuration.channels << (configuration.blocks - 1)) * sides[0] * sides[1], classes,
      seed: seeds.next(), dtype: dtype)
  }

  private static func validate(_ given: Configuration, _ images: Shape) throws(NetworkError) {
    guard images.rank == 3, images.allSatisfy({ $0 > 0 }) else {
      throw .unsuitableSize("rank of images", value: images.rank, expected: "3, none empty")
    }
    guard (1...16).contains(given.blocks), given.stride > 0,
      images.dimensions.dropFirst().allSatisfy({ given.opened($0) % (1 << given.blocks) == 0 })
    else {
      throw .unsuitableSize(
        "blocks", value: given.blocks,
        expected: "at least 1, and \(images[1]) × \(images[2]) pixels that halve as often")
    }
    guard given.channels > 0 else {
      throw .unsuitableSize("channels", value: given.channels, expected: "at least 1")
    }
    let channels = given.channels / (given.dynamics == .hamiltonian ? 2 : 1)
    let groups = given.normalization.groups
    guard groups > 0, channels % groups == 0 else {
      throw .unsuitableSize("groups", value: groups, expected: "a divisor of \(channels) channels")
    }
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = units.reduce(opened(x)) { y, unit in unit(y) }
    return classifier(Flatten()(averagePool(y, size: 2)))
  }

  public func calibrated(on x: Tensor) -> PDENetwork {
    var network = self
    var y = opened(x)
    for index in units.indices {
      network.units[index] = units[index].calibrated(on: y)
      y = network.units[index](y)
    }
    return network
  }

  /// What each block takes.
  package func blockInputs(_ x: Tensor) -> [Tensor] {
    var (inputs, y): ([Tensor], Tensor) = ([], opened(x))
    for unit in units {
      inputs.append(unit.connected(y))
      y = unit.block(inputs[inputs.count - 1])
    }
    return inputs
  }

  /// What the first block takes.
  private func opened(_ x: Tensor) -> Tensor { Activation.relu(normalization(opening(x))) }
}
