import ThalwegKernels

struct Round: ElementwiseOperation {
  var name: String { "round" }
  var code: ChainOperation { .round }
}

/// The nearest whole number of each element; halves go to the even one.
///
/// Its derivative is 0: see ``straightThrough(_:like:)`` for another.
public func round(_ x: Tensor) -> Tensor { Round()(x).asLiteral(if: x) }
