import ThalwegKernels

/// What is known of the padding of an array in blocks of channels.
enum Padding: Hashable, Sendable {
  /// The same number everywhere, or no padding.
  case exact(Double)
  /// Numbers that are finite where those of the channels are.
  case finite
  /// Anything.
  case unknown

  static let zero = Padding.exact(0)

  /// What is known of the padding of something made of several arrays.
  static func common(_ paddings: [Padding]) -> Padding {
    if Set(paddings).count == 1 { return paddings[0] }
    return paddings.contains(.unknown) ? .unknown : .finite
  }

  /// What an element-wise operation makes of it.
  static func result(_ operation: any ElementwiseOperation, _ operands: [Padding]) -> Padding {
    if operation is Multiply, operands.contains(.zero), !operands.contains(.unknown) {
      return .zero
    }
    let numbers = operands.compactMap { operand in
      if case .exact(let value) = operand { return value }
      return nil
    }
    guard numbers.count == operands.count else {
      return isBounded(operation) ? .common(operands + [.finite]) : .unknown
    }
    // Zeros stay zeros in most chains.
    if numbers.allSatisfy({ $0 == 0 }), keepsZero(operation) { return .zero }
    let node = operation.recorded(on: numbers.map { Tensor([$0], shape: [], dtype: .float64) })
    let value = Plan.evaluate([node.output(0)])[0].scalar
    return value.isFinite ? .exact(value) : .unknown
  }

  private static func keepsZero(_ operation: any ElementwiseOperation) -> Bool {
    switch operation {
    case is Add, is Subtract, is Multiply, is Negate, is ReLU, is Square, is Step, is Contiguous,
      is HyperbolicTangent, is Select, is Round, is Floor:
      true
    default: false
    }
  }

  /// Whether the operation makes finite numbers of finite ones of moderate size.
  private static func isBounded(_ operation: any ElementwiseOperation) -> Bool {
    switch operation {
    case is Add, is Subtract, is Multiply, is Negate, is ReLU, is Square, is Step, is Contiguous,
      is HyperbolicTangent, is Select, is Sigmoid, is Softplus, is AbsoluteValue, is Sign,
      is Maximum, is Minimum, is Round, is Floor, is Less, is LessOrEqual, is Equal, is Sine,
      is Cosine:
      true
    default: false
    }
  }
}
