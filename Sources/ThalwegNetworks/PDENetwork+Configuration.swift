public import ThalwegKernels
public import ThalwegTensors

extension PDENetwork {
  /// What the last average before the classifier is taken over.
  public enum Pooling: String, Hashable, Sendable, CaseIterable {
    /// Windows of 2 × 2 pixels, as behind the other blocks: the classifier sees places.
    case windows
    /// All pixels: the classifier sees one number a channel.
    case global
  }

  /// What a network is made of.
  ///
  ///     PDENetwork.Configuration(channels: [32], steps: 4)
  ///     PDENetwork.Configuration.paper(.hamiltonian, channels: [32, 64, 112], features: 112)
  public struct Configuration: Hashable, Sendable {
    /// The kind of dynamics of every block.
    public var dynamics: DynamicsName
    /// How blocks are integrated.
    public var integrator: IntegratorName
    /// How blocks are differentiated.
    public var adjoint: AdjointName
    /// The channels of each block, each on half the resolution of the one before.
    public var channels: [Int]
    /// The channels of a connector behind the last block; nil for none.
    public var features: Int?
    /// The steps of each block.
    public var steps: Int
    /// The time over which each block is integrated.
    public var span: Double
    /// How the weights of blocks depend on time.
    public var weights: WeightBasis
    /// The stride of the opening, by which large images are made smaller first.
    public var stride: Int
    /// What filters are to begin with.
    public var start: InitialFilters
    /// What the first filters of blocks are multiplied by: about their norm, if they are bounded.
    public var gain: Double
    /// The activation within the blocks.
    public var activation: Activation
    /// The normalisation within the blocks.
    public var normalization: SymmetricLayer.Normalization
    /// Whether normalised channels in blocks have trained scales.
    public var hasScales: Bool
    /// The normalisation of opening and connectors.
    public var connection: SymmetricLayer.Normalization
    /// What the last average is taken over.
    public var pooling: Pooling
    /// What lies outside the images.
    public var boundary: Boundary
    /// How the products of convolutions are formed.
    public var arithmetic: ConvolutionArithmetic

    /// Creates a configuration.
    public init(
      dynamics: DynamicsName = .hamiltonian, integrator: IntegratorName = .verlet,
      adjoint: AdjointName = .reversible, channels: [Int] = [32], features: Int? = nil,
      steps: Int = 4, span: Double = 2, weights: WeightBasis = .steps, stride: Int = 1,
      start: InitialFilters = .bounded, gain: Double = 1, activation: Activation = .relu,
      normalization: SymmetricLayer.Normalization = .none, hasScales: Bool = false,
      connection: SymmetricLayer.Normalization = .instance, pooling: Pooling = .windows,
      boundary: Boundary = .zero, arithmetic: ConvolutionArithmetic = .exact
    ) {
      self.dynamics = dynamics
      self.integrator = integrator
      self.adjoint = adjoint
      self.channels = channels
      self.features = features
      self.steps = steps
      self.span = span
      self.weights = weights
      self.stride = stride
      self.start = start
      self.gain = gain
      self.activation = activation
      self.normalization = normalization
      self.hasScales = hasScales
      self.connection = connection
      self.pooling = pooling
      self.boundary = boundary
      self.arithmetic = arithmetic
    }

    /// The number of blocks.
    public var blocks: Int { channels.count }

    /// The channels behind a block, and behind its connector if it has one.
    func channels(behind block: Int) -> (block: Int, connector: Int?) {
      (channels[block], block + 1 < blocks ? channels[block + 1] : features)
    }

    /// The rows or columns behind the opening.
    func opened(_ side: Int) -> Int { (side - 1) / stride + 1 }

    /// The rows or columns behind the last average.
    func reduced(_ side: Int) -> Int { pooling == .global ? 1 : opened(side) >> blocks }

    /// How often the sides of images are halved.
    var halvings: Int { pooling == .global ? blocks - 1 : blocks }
  }
}

extension PDENetwork.Configuration {
  func validate(_ images: Shape) throws(NetworkError) {
    guard images.rank == 3, images.allSatisfy({ $0 > 0 }) else {
      throw .unsuitableSize("rank of images", value: images.rank, expected: "3, none empty")
    }
    guard (1...16).contains(blocks), stride > 0,
      images.dimensions.dropFirst().allSatisfy({ opened($0) % (1 << halvings) == 0 })
    else {
      throw .unsuitableSize(
        "blocks", value: blocks,
        expected: "at least 1, and \(images[1]) × \(images[2]) pixels that halve as often")
    }
    for count in channels + [features ?? 1] where count <= 0 {
      throw .unsuitableSize("channels", value: count, expected: "at least 1")
    }
    for count in channels {
      try validateGroups(normalization, of: count / (dynamics == .hamiltonian ? 2 : 1))
    }
    for count in channels + [features].compactMap({ $0 }) {
      try validateGroups(connection, of: count)
    }
  }

  private func validateGroups(
    _ normalization: SymmetricLayer.Normalization, of channels: Int
  ) throws(NetworkError) {
    let groups = normalization.groups
    guard groups > 0, channels % groups == 0 else {
      throw .unsuitableSize("groups", value: groups, expected: "a divisor of \(channels) channels")
    }
  }
}
