import ThalwegKernels

struct Logarithm: UnaryOperation {
  var name: String { "log" }
  var code: ChainOperation { .log }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { 1 / x }
}

/// The natural logarithm of each element.
///
/// - Accuracy: at most 1 ulp in `Float`, 1 in `Double`.
public func log(_ x: Tensor) -> Tensor { Logarithm()(x).asLiteral(if: x) }
