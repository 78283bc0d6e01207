import ThalwegKernels

struct SquareRoot: UnaryOperation {
  var name: String { "sqrt" }
  var code: ChainOperation { .sqrt }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 0.5 / y }
}

/// The square root of each element.
public func sqrt(_ x: Tensor) -> Tensor { SquareRoot()(x).asLiteral(if: x) }
