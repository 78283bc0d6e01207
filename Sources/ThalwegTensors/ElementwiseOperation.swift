public import ThalwegKernels

/// An operation that treats every element alike, and that a plan fuses with its neighbours.
///
/// All inputs have the shape of the output: broadcasting is an operation of its own.
public protocol ElementwiseOperation: Operation {
  /// The instruction that computes an element.
  var code: ChainOperation { get }
}

extension ElementwiseOperation {
  public func outputTypes(of inputs: [TensorType]) -> [TensorType] { [inputs[0]] }

  /// Never called: plans translate element-wise operations into chains.
  public func lower(_ context: KernelContext) {
    fatalError("\(name): element-wise operations are fused")
  }
}

/// An element-wise function of one variable.
protocol UnaryOperation: ElementwiseOperation {
  /// The derivative at x, where the function's value is y.
  func derivative(at x: Tensor, giving y: Tensor) -> Tensor
}

extension UnaryOperation {
  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { $0 * derivative(at: call.inputs[0], giving: call.output) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { $0 * derivative(at: call.inputs[0], giving: call.output) }]
  }
}

/// An element-wise function of two variables with a partial derivative in each.
protocol BinaryOperation: ElementwiseOperation {
  /// The partial derivatives, multiplied by a tangent or cotangent.
  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor?
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor?
}

extension BinaryOperation {
  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let terms = [
      tangents[0].flatMap { first($0, call) }, tangents[1].flatMap { second($0, call) },
    ].compactMap { $0 }
    return [terms.count == 2 ? terms[0] + terms[1] : terms.first]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    guard let cotangent = cotangents[0] else { return [nil, nil] }
    return [
      call.wanted[0] ? first(cotangent, call) : nil, call.wanted[1] ? second(cotangent, call) : nil,
    ]
  }

  /// Applies the operation after broadcasting both sides and settling the precision.
  func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
    let operands = matched(name, [a, b])
    let node = recorded(on: operands)
    return node.isSymbolic ? node.output(0) : Plan.evaluate([node.output(0)])[0].asLiteral(if: a, b)
  }
}

extension Tensor {
  /// Keeps the precision open where all operands were written in the source.
  func asLiteral(if operands: Tensor...) -> Tensor {
    Tensor(source, type, isLiteral: operands.allSatisfy(\.isLiteral))
  }
}

/// Brings operands to one precision and one shape.
func matched(_ name: String, _ operands: [Tensor]) -> [Tensor] {
  let unified = unified(name, operands)
  var shape = unified[0].shape
  for operand in unified.dropFirst() {
    guard let common = shape.broadcast(with: operand.shape) else {
      fatalError("\(name): shapes \(shape) and \(operand.shape) do not broadcast")
    }
    shape = common
  }
  return unified.map { operand in
    guard operand.shape != shape else { return operand }
    return Broadcast(shape: shape).recorded(on: [operand]).output(0)
  }
}

/// Brings operands to one precision: literals follow, and two fixed ones must agree.
func unified(_ name: String, _ operands: [Tensor]) -> [Tensor] {
  guard let dtype = operands.first(where: { !$0.isLiteral })?.dtype else { return operands }
  for operand in operands where !operand.isLiteral {
    require(
      operand.dtype == dtype,
      "\(name): \(dtype)\(operands[0].shape) meets \(operand.dtype)\(operand.shape);"
        + " convert one with to(.\(dtype))")
  }
  return operands.map { $0.dtype == dtype ? $0 : $0.to(dtype) }
}
