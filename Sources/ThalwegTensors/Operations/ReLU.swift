import ThalwegKernels

struct ReLU: UnaryOperation {
  var name: String { "relu" }
  var code: ChainOperation { .relu }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { step(x) }
}

/// The ramp max(x, 0) of each element; its derivative at 0 is 0.
public func relu(_ x: Tensor) -> Tensor { ReLU()(x).asLiteral(if: x) }
