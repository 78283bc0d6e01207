public import ThalwegTensors

/// A function of a tensor with parameters: the part of a network.
///
/// A layer is a tree whose leaves are its parameters. One of its own lists them as branches and
/// says what it computes:
///
///     struct Scale: Layer {
///       var factor: Tensor
///       static let branches = Branches(\Scale.factor)
///
///       func callAsFunction(_ x: Tensor) -> Tensor { factor * x }
///     }
///
/// Calls do not throw, so that layers can be used in the closures of dynamics. A ``Flow`` of a
/// tensor is a layer too.
public protocol Layer: TensorTree {
  /// The output of the layer.
  func callAsFunction(_ x: Tensor) -> Tensor
  /// The layer as it is used after training.
  ///
  /// Where it normalises by the statistics of a batch, it has those of its input for `x` from then
  /// on. A layer that does not is returned as it is; one that has layers in it calibrates them.
  ///
  ///     let inUse = network.calibrated(on: images)
  func calibrated(on x: Tensor) -> Self
}

extension Layer {
  public func calibrated(on x: Tensor) -> Self { self }

  /// The output of the layer, by a call that does not throw for a flow either.
  ///
  ///     func callAsFunction(_ x: Tensor) -> Tensor { output(flow.applied(to: hidden(x))) }
  public func applied(to x: Tensor) -> Tensor { self(x) }
}
