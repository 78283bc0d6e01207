import ThalwegKernels

struct Pad: Operation {
  var before: [Int]
  var after: [Int]
  var value: Double
  var acceptsViews: Bool { true }
  var name: String { "pad" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let shape = inputs[0].shape
    require(
      before.count == shape.rank && after.count == shape.rank,
      "pad: \(before.count) and \(after.count) widths for shape \(shape)")
    require(
      (before + after).allSatisfy { $0 >= 0 },
      "pad: widths \(before) and \(after) for shape \(shape) are negative")
    return [
      TensorType(Shape(shape.indices.map { before[$0] + shape[$0] + after[$0] }), inputs[0].dtype)
    ]
  }

  func lower(_ context: KernelContext) {
    let type = context.outputTypes[0]
    let result = context.result()
    context.builder.fill(result, count: type.count, with: value, type.dtype)
    let offset = zip(before, type.shape.strides).reduce(0) { $0 + $1.0 * $1.1 }
    context.copy(
      context.view(0), into: result,
      as: StridedView(
        shape: context.inputTypes[0].shape, strides: type.shape.strides, offset: offset))
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { Pad(before: before, after: after, value: 0)($0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let shape = call.inputs[0].shape
    let upper = shape.indices.map { before[$0] + shape[$0] }
    return [cotangents[0].map { Slice(lower: before, upper: upper)($0) }]
  }
}

extension Tensor {
  /// The elements with a margin of one value along an axis.
  public func padded(
    before: Int, after: Int, along axis: Int, with value: Double = 0
  ) -> Tensor {
    let axis = shape.axis(axis, of: "pad")
    var (first, last) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    first[axis] = before
    last[axis] = after
    return Pad(before: first, after: last, value: value)(self)
  }
}
