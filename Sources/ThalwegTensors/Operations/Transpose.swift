import ThalwegKernels

struct Transpose: ViewOperation {
  /// Axis k of the output is axis `order[k]` of the input.
  var order: [Int]
  var name: String { "transpose" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let shape = inputs[0].shape
    require(
      order.sorted() == Array(shape.indices),
      "transpose: \(order) is no order of the axes of shape \(shape)")
    return [TensorType(Shape(order.map { shape[$0] }), inputs[0].dtype)]
  }

  func view(of input: StridedView) -> StridedView? {
    var shifts: [Int: AxisShift] = [:]
    for (place, axis) in order.enumerated() { shifts[place] = input.shifts[axis] }
    return StridedView(
      shape: Shape(order.map { input.shape[$0] }), strides: order.map { input.strides[$0] },
      offset: input.offset, shifts: shifts)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return [cotangents[0].map { Transpose(order: inverse)($0) }]
  }

  /// Whether the last two axes are exchanged and all others left alone.
  var exchangesLastTwo: Bool {
    let rank = order.count
    guard rank >= 2 else { return false }
    return order == Array(0..<rank - 2) + [rank - 1, rank - 2]
  }
}

extension Tensor {
  /// The elements with their axes in another order.
  public func transposed(_ order: [Int]) -> Tensor { Transpose(order: order)(self) }

  /// The elements with the last two axes exchanged.
  public var transposed: Tensor {
    require(rank >= 2, "transpose: shape \(shape) has fewer than two axes")
    return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
