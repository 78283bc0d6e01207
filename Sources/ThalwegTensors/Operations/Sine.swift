import ThalwegKernels

struct Sine: UnaryOperation {
  var name: String { "sin" }
  var code: ChainOperation { .sin }

  func derivative(at x: Tensor, giving y: Tensor) -> Tensor { cos(x) }
}

/// The sine of each element, in radians.
///
/// - Accuracy: at most 0.6 ulp in `Float`, 1 in `Double`.
public func sin(_ x: Tensor) -> Tensor { Sine()(x).asLiteral(if: x) }
