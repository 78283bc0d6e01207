extension ChainOperation {
  /// Whether ``VectorBlock`` computes the operation.
  var isCompiled: Bool {
    switch self {
    case .power, .sin, .cos: false
    default: true
    }
  }
}

extension VectorBlock {
  /// The value of one instruction of a chain.
  mutating func apply(_ operation: ChainOperation, _ x: Value, _ y: Value, _ z: Value) -> Value {
    switch operation {
    case .copy: x
    case .negate: negate(x)
    case .abs: absolute(x)
    case .sign: sign(x)
    case .square: multiply(x, x)
    case .sqrt: append(.squareRoot, x)
    case .reciprocal: divide(number(1), x)
    case .relu: maximum(number(0), x)
    case .step: keep(compare(x, .greater, number(0)), number(1))
    // The mode says where to, and that an inexact result is no event.
    case .round: append(.round, x, immediate: 0b1000)
    case .floor: append(.round, x, immediate: 0b1001)
    case .exp: exp(x)
    case .log: log(x)
    case .tanh: tanh(x)
    case .sigmoid: sigmoid(x)
    case .softplus: softplus(x)
    default: applyBinary(operation, x, y, z)
    }
  }

  private mutating func applyBinary(
    _ operation: ChainOperation, _ x: Value, _ y: Value, _ z: Value
  ) -> Value {
    switch operation {
    case .add: return add(x, y)
    case .subtract: return subtract(x, y)
    case .multiply: return multiply(x, y)
    case .divide: return divide(x, y)
    // The processor's minimum is its second operand where one is NaN.
    case .maximum: return select(compare(x, .unordered, x), x, maximum(x, y))
    case .minimum: return select(compare(x, .unordered, x), x, minimum(x, y))
    case .less: return keep(compare(x, .less, y), number(1))
    case .lessEqual: return keep(compare(x, .lessOrEqual, y), number(1))
    case .equal: return keep(compare(x, .equal, y), number(1))
    case .select: return select(compare(x, .notEqual, number(0)), y, z)
    default: fatalError("machine code: \(operation) is not covered")
    }
  }

  /// 1 or -1, and x itself where it is neither positive nor negative.
  private mutating func sign(_ x: Value) -> Value {
    let zero = number(0)
    let notPositive = select(compare(x, .less, zero), number(-1), x)
    return select(compare(x, .greater, zero), number(1), notPositive)
  }
}

extension ChainOperation {
  /// How many operands the operation has.
  var arity: Int {
    switch self {
    case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .less, .lessEqual,
      .equal:
      2
    case .select: 3
    default: 1
    }
  }
}
