import ThalwegKernels

struct Square: UnaryOperation {
  var name: String { "square" }
  var code: ChainOperation { .square }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 2 * x }
}

/// The square of each element.
public func square(_ x: Tensor) -> Tensor { Square()(x).asLiteral(if: x) }
