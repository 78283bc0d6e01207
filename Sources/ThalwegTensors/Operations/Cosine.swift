import ThalwegKernels

struct Cosine: UnaryOperation {
  var name: String { "cos" }
  var code: ChainOperation { .cos }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { -sin(x) }
}

/// The cosine of each element, in radians.
public func cos(_ x: Tensor) -> Tensor { Cosine()(x).asLiteral(if: x) }
