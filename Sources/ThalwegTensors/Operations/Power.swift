import ThalwegKernels

struct Power: BinaryOperation {
  var name: String { "power" }
  var code: ChainOperation { .power }

  // Where the exponent is 0, b⁻¹ has no weight, but 0 · 0⁻¹ would be no number.
  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    let (base, exponent) = (call.inputs[0], call.inputs[1])
    let isEdge = (base .== 0) * (exponent .== 0)
    return factor * exponent * pow(select(isEdge, 1, base), exponent - 1)
  }

  // 0 to no negative power does not depend on the power, but log 0 is infinite.
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    let (base, exponent) = (call.inputs[0], call.inputs[1])
    let isConstant = (base .== 0) * (exponent .>= 0)
    return factor * call.output * log(select(isConstant, 1, base))
  }
}

/// Each element of `base` raised to the power of the one of `exponent`.
///
/// The derivative of b⁰ by b is 0, and that of 0ᵉ by e with e ≥ 0, as in PyTorch.
///
/// - Accuracy: at most 1 ulp in `Float`, 1 in `Double`, as GNU's C library has it.
public func pow(_ base: Tensor, _ exponent: Tensor) -> Tensor { Power()(base, exponent) }

/// Each element raised to a fixed power.
///
/// - Accuracy: at most 1 ulp in `Float`, 1 in `Double`, as GNU's C library has it.
// Disfavoured so that `pow(x, 3)` is not ambiguous: the literal is a tensor.
@_disfavoredOverload
public func pow(_ base: Tensor, _ exponent: Double) -> Tensor { Power()(base, Tensor(exponent)) }
