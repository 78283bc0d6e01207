import ThalwegKernels

struct SquareRoot: UnaryOperation {
  var name: String { "sqrt" }
  var code: ChainOperation { .sqrt }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 0.5 / y }
}

/// The square root of each element.
///
/// - Accuracy: at most 0.5 ulp in `Float`, 0.5 in `Double`.
public func sqrt(_ x: Tensor) -> Tensor { SquareRoot()(x).asLiteral(if: x) }
