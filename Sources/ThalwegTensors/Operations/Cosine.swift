import ThalwegKernels

struct Cosine: UnaryOperation {
  var name: String { "cos" }
  var code: ChainOperation { .cos }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { -sin(x) }
}

/// The cosine of each element, in radians.
///
/// - Accuracy: at most 0.6 ulp in `Float`, 1 in `Double`.
public func cos(_ x: Tensor) -> Tensor { Cosine()(x).asLiteral(if: x) }
