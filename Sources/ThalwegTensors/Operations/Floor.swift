import ThalwegKernels

struct Floor: ElementwiseOperation {
  var name: String { "floor" }
  var code: ChainOperation { .floor }
}

/// The greatest whole number that is not above each element; its derivative is 0.
public func floor(_ x: Tensor) -> Tensor { Floor()(x).asLiteral(if: x) }
