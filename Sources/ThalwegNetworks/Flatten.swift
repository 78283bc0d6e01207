import ThalwegKernels
public import ThalwegTensors

/// All axes but the first made one.
///
/// - Shapes: `[batch, ...]` gives `[batch, n]`.
/// - Errors: traps for a scalar, which has no first axis.
/// - Source: Y. LeCun et al., "Backpropagation applied to handwritten zip code recognition", Neural
///   Computation 1 (1989), doi:10.1162/neco.1989.1.4.541.
public struct Flatten: Layer {
  /// Creates the layer.
  public init() {}

  public static var branches: Branches<Flatten> { Branches() }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(x.rank > 0, "flatten: a scalar has no axis of a batch")
    return x.reshaped(to: [x.shape[0], x.shape.dimensions.dropFirst().reduce(1, *)])
  }
}
