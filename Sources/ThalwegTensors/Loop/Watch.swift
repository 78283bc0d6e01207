import ThalwegKernels

/// A number that is 0 if the magnitudes of all elements are below a limit, and NaN otherwise.
///
/// It is found out while the elements are computed, if that is done by a chain.
struct Watch: Operation {
  /// The limit, infinity where all finite numbers will do.
  var limit = Double.infinity

  var name: String { "watch" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] { [TensorType([], inputs[0].dtype)] }

  func lower(_ context: KernelContext) {
    let type = context.inputTypes[0]
    context.builder.watch(
      context.operand(0), into: context.result(), count: type.count,
      rows: type.shape.dimensions.first { $0 > 1 } ?? 1, limit: limit, type.dtype)
  }
}
