import ThalwegKernels

/// An array in the order of its axes, from blocks of channels.
package struct Unblocked: Operation {
  /// The axis of the channels.
  var axis: Int
  /// Their number.
  var channels: Int
  package var name: String { "unblock" }

  /// Creates the operation.
  package init(axis: Int, channels: Int) {
    self.axis = axis
    self.channels = channels
  }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    var dimensions = Array(inputs[0].shape.dimensions.dropLast())
    dimensions[axis] = channels
    let type = TensorType(Shape(dimensions), inputs[0].dtype)
    require(
      type.blocked(along: axis) == inputs[0],
      "unblock: \(inputs[0]) is not \(channels) channels along axis \(axis) in blocks")
    return [type]
  }

  package func lower(_ context: KernelContext) {
    let type = context.outputTypes[0]
    let blocks = ChannelBlocks(type, axis: axis)
    context.builder.unblock(
      context.operand(0), into: context.result(), batch: blocks.outer, channels: blocks.channels,
      pixels: blocks.inner, type.dtype)
  }

  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { Blocked(axis: axis)($0) }]
  }
}
