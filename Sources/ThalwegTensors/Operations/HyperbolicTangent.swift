import ThalwegKernels

struct HyperbolicTangent: UnaryOperation {
  var name: String { "tanh" }
  var code: ChainOperation { .tanh }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 1 - square(y) }
}

/// The hyperbolic tangent of each element.
public func tanh(_ x: Tensor) -> Tensor { HyperbolicTangent()(x).asLiteral(if: x) }
