import ThalwegKernels

struct AbsoluteValue: UnaryOperation {
  var name: String { "abs" }
  var code: ChainOperation { .abs }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { sign(x) }
}

/// The absolute value of each element; its derivative at 0 is 0.
public func abs(_ x: Tensor) -> Tensor { AbsoluteValue()(x).asLiteral(if: x) }
