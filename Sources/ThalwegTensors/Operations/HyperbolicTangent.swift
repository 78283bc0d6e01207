import ThalwegKernels

struct HyperbolicTangent: UnaryOperation {
  var name: String { "tanh" }
  var code: ChainOperation { .tanh }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 1 - square(y) }
}

/// The hyperbolic tangent of each element.
///
/// - Accuracy: at most 2.6 ulp in `Float`, 2.7 in `Double`.
public func tanh(_ x: Tensor) -> Tensor { HyperbolicTangent()(x).asLiteral(if: x) }
