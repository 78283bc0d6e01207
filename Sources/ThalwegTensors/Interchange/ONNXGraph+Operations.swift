import ThalwegKernels

extension ONNXGraph {
  /// Operations that ONNX has under another name, or the same.
  private static let plain: [String: String] = [
    "\(Add.self)": "Add", "\(Subtract.self)": "Sub", "\(Multiply.self)": "Mul",
    "\(Divide.self)": "Div", "\(Negate.self)": "Neg", "\(SquareRoot.self)": "Sqrt",
    "\(Exponential.self)": "Exp", "\(Logarithm.self)": "Log", "\(Sine.self)": "Sin",
    "\(Cosine.self)": "Cos", "\(HyperbolicTangent.self)": "Tanh", "\(Sigmoid.self)": "Sigmoid",
    "\(Softplus.self)": "Softplus", "\(ReLU.self)": "Relu", "\(AbsoluteValue.self)": "Abs",
    "\(Maximum.self)": "Max", "\(Minimum.self)": "Min", "\(Power.self)": "Pow",
    "\(Sign.self)": "Sign", "\(Floor.self)": "Floor", "\(Round.self)": "Round",
  ]
  /// Comparisons, which are numbers here and truth values there.
  private static let comparisons: [String: String] = [
    "\(Equal.self)": "Equal", "\(Less.self)": "Less", "\(LessOrEqual.self)": "LessOrEqual",
  ]

  /// Appends what computes an operation, and returns the names of its results.
  mutating func translate(
    _ operation: any Operation, _ call: ONNXCall
  ) throws(ONNXError) -> [String] {
    let kind = "\(type(of: operation))"
    if let name = Self.plain[kind] { return [append(name, call.inputs)] }
    if let name = Self.comparisons[kind] {
      return [number(of: append(name, call.inputs), call)]
    }
    switch operation {
    case is Contiguous, is Stored, is StopGradient, is Evaluation, is CustomDerivative:
      return call.inputs
    case is Square: return [append("Mul", [call.inputs[0], call.inputs[0]])]
    case is Step:
      let zero = number(0, call.output.dtype)
      return [number(of: append("Greater", [call.inputs[0], zero]), call)]
    case is Select:
      let condition = append("Cast", [call.inputs[0]], ["to": .integer(9)])
      return [append("Where", [condition] + call.inputs.dropFirst())]
    case is Convert:
      return [append("Cast", call.inputs, ["to": .integer(call.output.dtype.onnxCode)])]
    case let sum as Sum:
      let axes = list(Array(sum.axes))
      return [append("ReduceSum", [call.inputs[0], axes], ["keepdims": .integer(0)])]
    case let most as MaximumOver:
      return [
        append(
          "ReduceMax", call.inputs,
          ["axes": .integers(Array(most.axes)), "keepdims": .integer(0)])
      ]
    case let product as MatrixMultiply: return [translate(product, call)]
    case let convolution as Convolution: return [try translate(convolution, call)]
    default: return [try translateView(operation, call)]
    }
  }

  /// Operations that move elements.
  private mutating func translateView(
    _ operation: any Operation, _ call: ONNXCall
  ) throws(ONNXError) -> String {
    let (x, type) = (call.inputs[0], call.types[0])
    switch operation {
    case let view as Broadcast:
      return append("Expand", [x, list(view.shape.dimensions)])
    case let view as Reshape: return append("Reshape", [x, list(view.shape.dimensions)])
    case let view as Transpose:
      return append("Transpose", [x], ["perm": .integers(view.order)])
    case let view as Slice:
      return append("Slice", [x, list(view.lower), list(view.upper)])
    case let join as Concatenate:
      return append("Concat", call.inputs, ["axis": .integer(join.axis)])
    case let pad as Pad:
      let value = number(pad.value, type.dtype)
      return append("Pad", [x, list(pad.before + pad.after), value])
    case let shift as Shift where abs(shift.distance) <= type.shape[shift.axis]:
      return translate(shift, x, type.shape)
    default: throw .unsupported(operation.name)
    }
  }

  private mutating func translate(_ shift: Shift, _ x: String, _ shape: Shape) -> String {
    let (length, distance) = (shape[shift.axis], shift.distance)
    func widths(_ count: Int) -> [Int] {
      shape.indices.map { $0 == shift.axis ? count : 0 }
    }
    let (before, after) = (max(-distance, 0), max(distance, 0))
    var padded = x
    switch shift.boundary {
    case .zero: padded = append("Pad", [x, list(widths(before) + widths(after))])
    case .replicated:
      padded = append("Pad", [x, list(widths(before) + widths(after))], ["mode": .text("edge")])
    case .periodic: padded = wrapped(x, before: before, after: after, axis: shift.axis, length)
    }
    return slice(padded, after..<after + length, axis: shift.axis)
  }

  private mutating func translate(_ product: MatrixMultiply, _ call: ONNXCall) -> String {
    let rank = call.types[0].shape.rank
    let order = Array(0..<rank - 2) + [rank - 1, rank - 2]
    var factors = call.inputs
    for (index, isTransposed) in [product.transposesA, product.transposesB].enumerated()
    where isTransposed {
      factors[index] = append("Transpose", [factors[index]], ["perm": .integers(order)])
    }
    return append("MatMul", factors)
  }

  /// A truth value as the number 0 or 1.
  private mutating func number(of truth: String, _ call: ONNXCall) -> String {
    append("Cast", [truth], ["to": .integer(call.output.dtype.onnxCode)])
  }

  /// A part of a tensor along an axis.
  mutating func slice(_ x: String, _ range: Range<Int>, axis: Int) -> String {
    append(
      "Slice", [x, list([range.lowerBound]), list([range.upperBound]), list([axis])])
  }

  /// A tensor that repeats beyond its ends along an axis of some length.
  mutating func wrapped(
    _ x: String, before: Int, after: Int, axis: Int, _ length: Int
  ) -> String {
    var parts: [String] = []
    if before > 0 { parts.append(slice(x, length - before..<length, axis: axis)) }
    parts.append(x)
    if after > 0 { parts.append(slice(x, 0..<after, axis: axis)) }
    return parts.count == 1 ? x : append("Concat", parts, ["axis": .integer(axis)])
  }
}
