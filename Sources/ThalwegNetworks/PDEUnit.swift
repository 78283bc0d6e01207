import ThalwegKernels
public import ThalwegTensors

/// A block of a ``PDENetwork`` with what connects it to the block before.
///
/// - Shapes: the first keeps the shape; a further one takes `[batch, c, height, width]` to
///   `[batch, 2 c, height / 2, width / 2]`.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
public struct PDEUnit: Layer {
  /// The convolution 1 × 1 before the block, none before the first.
  public var connector: Conv2D?
  /// The normalisation behind it.
  public var normalization: InstanceNormalization?
  /// The block.
  public var block: PDEBlock

  public static let branches = Branches(\PDEUnit.connector, \.normalization, \.block)

  init(
    _ configuration: PDENetwork.Configuration, isFirst: Bool, channels: Int, dtype: DType,
    seeds: inout RandomSequence
  ) throws(NetworkError) {
    if !isFirst {
      connector = Conv2D(
        channels / 2, channels, kernel: 1, bias: false, seed: seeds.next(), dtype: dtype)
      normalization = InstanceNormalization(channels: channels, dtype: dtype)
    }
    var own = RandomSequence(seed: seeds.next())
    block = try PDEBlock(
      configuration.dynamics, channels: channels, steps: configuration.steps,
      span: configuration.span, integrator: configuration.integrator,
      adjoint: configuration.adjoint,
      makeLayer: { channels in
        SymmetricLayer(
          channels, activation: configuration.activation,
          normalization: configuration.normalization, gain: configuration.gain,
          arithmetic: configuration.arithmetic, seed: own.next(), dtype: dtype)
      })
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { block(connected(x)) }

  public func calibrated(on x: Tensor) -> PDEUnit {
    var unit = self
    unit.block = block.calibrated(on: connected(x))
    return unit
  }

  /// What the block takes.
  func connected(_ x: Tensor) -> Tensor {
    guard let connector, let normalization else { return x }
    return averagePool(Activation.relu(normalization(connector(x))), size: 2)
  }
}
