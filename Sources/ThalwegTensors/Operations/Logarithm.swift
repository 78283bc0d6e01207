import ThalwegKernels

struct Logarithm: UnaryOperation {
  var name: String { "log" }
  var code: ChainOperation { .log }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 1 / x }
}

/// The natural logarithm of each element.
public func log(_ x: Tensor) -> Tensor { Logarithm()(x).asLiteral(if: x) }
