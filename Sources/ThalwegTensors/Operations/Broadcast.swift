public import ThalwegKernels

struct Broadcast: ViewOperation {
  var shape: Shape
  var name: String { "broadcast" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    require(
      inputs[0].shape.broadcast(with: shape) == shape,
      "broadcast: shape \(inputs[0].shape) does not broadcast to \(shape)")
    return [TensorType(shape, inputs[0].dtype)]
  }

  func view(of input: StridedView) -> StridedView? {
    let missing = shape.rank - input.shape.rank
    let strides = shape.indices.map { axis in
      axis < missing || input.shape[axis - missing] == 1 ? 0 : input.strides[axis - missing]
    }
    var shifts: [Int: AxisShift] = [:]
    for (axis, shift) in input.shifts {
      guard shape[axis + missing] == input.shape[axis] else { return nil }
      shifts[axis + missing] = shift
    }
    return StridedView(shape: shape, strides: strides, offset: input.offset, shifts: shifts)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0]?.broadcast(to: shape)]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let original = call.inputs[0].shape
    let missing = shape.rank - original.rank
    let axes = shape.indices.filter { axis in
      axis < missing || (original[axis - missing] == 1 && shape[axis] != 1)
    }
    return [cotangents[0].map { sum($0, over: axes).reshaped(to: original) }]
  }
}

extension Tensor {
  /// The elements repeated along new leading axes and along axes of length 1, by NumPy's rule.
  public func broadcast(to shape: Shape) -> Tensor {
    shape == self.shape ? self : Broadcast(shape: shape)(self).asLiteral(if: self)
  }
}
