public import ThalwegKernels

struct Reshape: ViewOperation {
  var shape: Shape
  var name: String { "reshape" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    require(
      inputs[0].count == shape.elementCount,
      "reshape: shape \(inputs[0].shape) has not as many elements as \(shape)")
    return [TensorType(shape, inputs[0].dtype)]
  }

  func view(of input: StridedView) -> StridedView? {
    guard input.isContiguous else { return nil }
    return StridedView(shape: shape, strides: shape.strides, offset: input.offset)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0]?.reshaped(to: shape)]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0]?.reshaped(to: call.inputs[0].shape)]
  }
}

extension Tensor {
  /// The same elements in row-major order under another shape of as many elements.
  ///
  ///     Tensor.iota(6).reshaped(to: [2, 3])
  public func reshaped(to shape: Shape) -> Tensor {
    shape == self.shape ? self : Reshape(shape: shape)(self).asLiteral(if: self)
  }

  /// The elements with a new axis of length 1 before the given one.
  public func expanded(at axis: Int) -> Tensor {
    var dimensions = shape.dimensions
    dimensions.insert(1, at: axis < 0 ? axis + rank + 1 : axis)
    return reshaped(to: Shape(dimensions))
  }
}
