import ThalwegKernels
public import ThalwegTensors

/// A block of an ``ImageClassifier`` with the connector behind it, if there is one, and an average.
///
/// - Shapes: `[batch, c, height, width]` gives `[batch, c', height / 2, width / 2]`, or
///   `[batch, c', 1, 1]` where the average is over all pixels.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
public struct ImageUnit<Block: Layer>: Layer {
  /// The block.
  public var block: Block
  /// The convolution 1 × 1 behind the block that changes the number of channels, if there is one.
  public var connector: NormalizedConvolution?
  /// What the average is taken over.
  public let pooling: PDENetwork.Pooling

  public static var branches: Branches<ImageUnit<Block>> { Branches(\.block, \.connector) }

  /// Creates the unit of a block with what the configuration says of what follows it.
  init(
    _ block: Block, at index: Int, of configuration: PDENetwork.Configuration, dtype: DType,
    seeds: inout RandomSequence
  ) {
    self.block = block
    let (channels, behind) = configuration.channels(behind: index)
    connector = behind.map { behind in
      NormalizedConvolution(
        channels, behind, kernel: 1, normalization: configuration.connection,
        start: configuration.start, seed: seeds.next(), dtype: dtype)
    }
    pooling = index + 1 == configuration.blocks ? configuration.pooling : .windows
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { reduced(block(x)) }

  public func calibrated(on x: Tensor) -> ImageUnit<Block> {
    var unit = self
    unit.block = block.calibrated(on: x)
    if let connector { unit.connector = connector.calibrated(on: unit.block(x)) }
    return unit
  }

  /// What follows the block.
  private func reduced(_ y: Tensor) -> Tensor {
    let y = connector.map { $0(y) } ?? y
    return switch pooling {
    case .windows: averagePool(y, size: 2)
    case .global: mean(y, over: [2, 3], keepingAxes: true)
    }
  }
}
