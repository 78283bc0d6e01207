import ThalwegKernels

/// An array in blocks of channels; padding is 0.
package struct Blocked: Operation {
  /// The axis of the channels.
  var axis: Int
  package var name: String { "block" }

  /// Creates the operation.
  package init(axis: Int) { self.axis = axis }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    [inputs[0].blocked(along: axis)]
  }

  package func lower(_ context: KernelContext) {
    let type = context.inputTypes[0]
    let blocks = ChannelBlocks(type, axis: axis)
    context.builder.block(
      context.operand(0), into: context.result(), batch: blocks.outer, channels: blocks.channels,
      pixels: blocks.inner, type.dtype)
  }

  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let original = Unblocked(axis: axis, channels: call.inputs[0].shape[axis])
    return [cotangents[0].map { original($0) }]
  }
}
