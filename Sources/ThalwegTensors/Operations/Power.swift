import ThalwegKernels

struct Power: BinaryOperation {
  var name: String { "power" }
  var code: ChainOperation { .power }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    factor * call.inputs[1] * pow(call.inputs[0], call.inputs[1] - 1)
  }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    factor * call.output * log(call.inputs[0])
  }
}

/// Each element of `base` raised to the power of the one of `exponent`.
///
/// - Accuracy: at most 1 ulp in `Float`, 1 in `Double`, as GNU's C library has it.
public func pow(_ base: Tensor, _ exponent: Tensor) -> Tensor { Power()(base, exponent) }

/// Each element raised to a fixed power.
///
/// - Accuracy: at most 1 ulp in `Float`, 1 in `Double`, as GNU's C library has it.
// Disfavoured so that `pow(x, 3)` is not ambiguous: the literal is a tensor.
@_disfavoredOverload
public func pow(_ base: Tensor, _ exponent: Double) -> Tensor { Power()(base, Tensor(exponent)) }
