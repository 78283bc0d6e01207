public import ThalwegKernels

struct Convert: Operation {
  var dtype: DType
  var name: String { "convert" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    [TensorType(inputs[0].shape, dtype)]
  }

  func lower(_ context: KernelContext) {
    context.builder.convert(
      context.operand(0), into: context.result(), count: context.outputTypes[0].count, to: dtype)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0]?.to(dtype)]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0]?.to(call.inputs[0].dtype)]
  }
}

extension Tensor {
  /// The same numbers in another precision.
  public func to(_ dtype: DType) -> Tensor {
    guard dtype != self.dtype else { return Tensor(source, type) }
    if case .value(let storage) = source {
      return Tensor(Storage(storage.values, dtype: dtype), shape: shape)
    }
    return Convert(dtype: dtype)(self)
  }
}
