import ThalwegKernels

/// What is done to traces with convolutions before layouts are chosen.
///
///     K (s x) = s (K x),  K (-x) = -(K x),  Σ (-x) = -Σ x
///
/// An image that is in memory is then read as it is, and the factor joins the chain that follows.
enum Simplification {
  /// What an operation is replaced by, or nil where it stays.
  static func rule(_ operation: any Operation, _ inputs: [Tensor]) -> Tensor? {
    switch operation {
    case let convolution as Convolution: product(convolution, inputs)
    case let sum as Sum: negative(sum, inputs[0])
    case let composite as any CompositeOperation: composite.expanded(inputs)
    default: nil
    }
  }

  private static func negative(_ sum: Sum, _ terms: Tensor) -> Tensor? {
    guard let node = terms.node, node.operation is Negate else { return nil }
    let total = sum.recorded(on: node.inputs).output(0)
    return Negate().recorded(on: [total]).output(0)
  }

  /// A convolution of a multiple as a multiple of the convolution.
  private static func product(_ convolution: Convolution, _ inputs: [Tensor]) -> Tensor? {
    guard convolution.form.isBlockable else { return nil }
    // Scaled filters are few numbers.
    let arguments = zip(inputs, Convolution.given(convolution.pass)).map { input, array in
      array == .kernel ? Product(plain: input) : Product(input)
    }
    guard arguments.contains(where: { !$0.factors.isEmpty }) else { return nil }
    let result = convolution.recorded(on: arguments.map(\.tensor)).output(0)
    return arguments.flatMap(\.factors).reversed().reduce(result) { $1.applied(to: $0) }
  }

  private enum Factor {
    case sign
    case number(Tensor)

    func applied(to tensor: Tensor) -> Tensor {
      switch self {
      case .sign: return Negate().recorded(on: [tensor]).output(0)
      case .number(let factor):
        let wide = Broadcast(shape: tensor.shape).recorded(on: [factor]).output(0)
        return Multiply().recorded(on: [tensor, wide]).output(0)
      }
    }
  }

  /// A tensor that is in memory and its factors, outermost first.
  private struct Product {
    var tensor: Tensor
    var factors: [Factor] = []

    init(plain tensor: Tensor) { self.tensor = tensor }

    init(_ tensor: Tensor) {
      var inner = tensor
      var factors: [Factor] = []
      while let node = inner.node {
        if node.operation is Negate {
          factors.append(.sign)
          inner = node.inputs[0]
        } else if node.operation is Multiply, let (rest, factor) = Self.scaled(node.inputs) {
          factors.append(.number(factor))
          inner = rest
        } else {
          break
        }
      }
      // What a chain computes anyway costs nothing to scale.
      let isInMemory = inner.node.map { !($0.operation is any ElementwiseOperation) } ?? true
      self.tensor = isInMemory ? inner : tensor
      self.factors = isInMemory ? factors : []
    }

    private static func scaled(_ operands: [Tensor]) -> (Tensor, factor: Tensor)? {
      for (rest, factor) in [(operands[0], operands[1]), (operands[1], operands[0])] {
        guard let node = factor.node, node.operation is Broadcast, node.inputs[0].count == 1 else {
          continue
        }
        return (rest, node.inputs[0])
      }
      return nil
    }
  }
}
