import ThalwegKernels
public import ThalwegTensors

/// A block of a ``PDENetwork`` with the connector behind it, if there is one, and an average.
///
/// - Shapes: `[batch, c, height, width]` gives `[batch, c', height / 2, width / 2]`, or
///   `[batch, c', 1, 1]` where the average is over all pixels.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
public struct PDEUnit: Layer {
  /// The block.
  public var block: PDEBlock
  /// The convolution 1 × 1 behind the block that changes the number of channels, if there is one.
  public var connector: NormalizedConvolution?
  /// What the average is taken over.
  public let pooling: PDENetwork.Pooling

  public static let branches = Branches(\PDEUnit.block, \.connector)

  init(
    _ configuration: PDENetwork.Configuration, block index: Int, dtype: DType,
    seeds: inout RandomSequence
  ) throws(NetworkError) {
    let (channels, behind) = configuration.channels(behind: index)
    block = try PDEBlock(configuration, channels: channels, seed: seeds.next(), dtype: dtype)
    connector = behind.map { behind in
      NormalizedConvolution(
        channels, behind, kernel: 1, normalization: configuration.connection,
        start: configuration.start, seed: seeds.next(), dtype: dtype)
    }
    pooling = index + 1 == configuration.blocks ? configuration.pooling : .windows
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { reduced(block(x)) }

  public func calibrated(on x: Tensor) -> PDEUnit {
    var unit = self
    unit.block = block.calibrated(on: x)
    if let connector { unit.connector = connector.calibrated(on: unit.block(x)) }
    return unit
  }

  /// What follows the block.
  func reduced(_ y: Tensor) -> Tensor {
    let y = connector.map { $0(y) } ?? y
    return switch pooling {
    case .windows: averagePool(y, size: 2)
    case .global: mean(y, over: [2, 3], keepingAxes: true)
    }
  }
}

extension PDEBlock {
  /// Creates a block of a network with random weights.
  fileprivate init(
    _ configuration: PDENetwork.Configuration, channels: Int, seed: UInt64, dtype: DType
  ) throws(NetworkError) {
    var seeds = RandomSequence(seed: seed)
    let parts = configuration.dynamics == .hamiltonian ? 2 : 1
    let shared = (0..<parts).map { RandomSequence(seed: seed, purpose: UInt64($0)) }
    var calls = 0
    try self.init(
      configuration.dynamics, channels: channels, steps: configuration.steps,
      span: configuration.span, integrator: configuration.integrator,
      adjoint: configuration.adjoint, weights: configuration.weights,
      makeLayer: { channels in
        var same = shared[calls % parts]
        calls += 1
        return SymmetricLayer(
          channels, activation: configuration.activation,
          normalization: configuration.normalization, scale: configuration.hasScales,
          gain: configuration.gain, start: configuration.start,
          boundary: configuration.boundary, arithmetic: configuration.arithmetic,
          // The published filters are the same in all steps.
          seed: configuration.start == .published ? same.next() : seeds.next(), dtype: dtype)
      })
  }
}
