import ThalwegKernels

struct Concatenate: Operation {
  var axis: Int
  var acceptsViews: Bool { true }
  var name: String { "concatenate" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    var dimensions = inputs[0].shape.dimensions
    for input in inputs.dropFirst() {
      var expected = inputs[0].shape.dimensions
      if input.shape.rank == expected.count { expected[axis] = input.shape[axis] }
      require(
        input.shape.dimensions == expected && input.dtype == inputs[0].dtype,
        "concatenate: \(inputs[0]) and \(input) differ off axis \(axis)")
      dimensions[axis] += input.shape[axis]
    }
    return [TensorType(Shape(dimensions), inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) {
    let type = context.outputTypes[0]
    let result = context.result()
    var position = 0
    for (index, input) in context.inputTypes.enumerated() {
      let offset = position * type.shape.strides[axis]
      position += input.shape[axis]
      if context.isPlaced(index, in: result, offset: offset) { continue }
      context.copy(
        context.view(index), into: result,
        as: StridedView(shape: input.shape, strides: type.shape.strides, offset: offset))
    }
  }

  /// Where each input begins, for inputs that form a contiguous block of the output.
  func blocks(of inputs: [TensorType]) -> [Int]? {
    guard inputs[0].shape.dimensions.prefix(axis).allSatisfy({ $0 == 1 }) else { return nil }
    var position = 0
    return inputs.map { input in
      defer { position += input.count }
      return position
    }
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    guard tangents.contains(where: { $0 != nil }) else { return [nil] }
    let full = zip(tangents, call.inputs).map { tangent, input in
      tangent ?? .zeros(input.shape, dtype: input.dtype)
    }
    return applied(to: full)
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    var position = 0
    return call.inputs.map { input in
      defer { position += input.shape[axis] }
      return cotangents[0]?.slice(position..<position + input.shape[axis], along: axis)
    }
  }
}

/// Tensors joined along an axis on which alone their shapes may differ.
public func concatenate(_ parts: [Tensor], along axis: Int = 0) -> Tensor {
  require(!parts.isEmpty, "concatenate: no tensors")
  let parts = unified("concatenate", parts)
  return parts.count == 1
    ? parts[0]
    : Concatenate(axis: parts[0].shape.axis(axis, of: "concatenate")).applied(to: parts)[0]
}

/// Tensors of equal shape joined along a new axis.
public func stack(_ parts: [Tensor], along axis: Int = 0) -> Tensor {
  concatenate(parts.map { $0.expanded(at: axis) }, along: axis)
}
