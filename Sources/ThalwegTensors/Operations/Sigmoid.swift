import ThalwegKernels

struct Sigmoid: UnaryOperation {
  var name: String { "sigmoid" }
  var code: ChainOperation { .sigmoid }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { y * (1 - y) }
}

/// The logistic function 1 / (1 + exp(-x)) of each element.
///
/// - Accuracy: at most 2.6 ulp in `Float`, 2.6 in `Double`.
public func sigmoid(_ x: Tensor) -> Tensor { Sigmoid()(x).asLiteral(if: x) }
