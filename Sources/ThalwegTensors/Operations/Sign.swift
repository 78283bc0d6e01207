import ThalwegKernels

struct Sign: ElementwiseOperation {
  var name: String { "sign" }
  var code: ChainOperation { .sign }
}

/// The sign of each element: -1, 0 or 1.
public func sign(_ x: Tensor) -> Tensor { Sign()(x).asLiteral(if: x) }
