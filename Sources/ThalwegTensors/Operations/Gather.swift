import ThalwegKernels

/// Elements of an axis at given indices, or the adjoint: their sums at those indices.
struct Gather: Operation {
  var axis: Int
  /// The length of the axis that is indexed.
  var extent: Int
  var isAdjoint = false
  var name: String { isAdjoint ? "scatter" : "gather" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    var dimensions = inputs[0].shape.dimensions
    require(
      inputs[1].shape.rank == 1 && inputs[1].dtype == inputs[0].dtype,
      "gather: indices must be a vector of \(inputs[0].dtype), not \(inputs[1])")
    require(
      !isAdjoint || dimensions[axis] == inputs[1].count,
      "scatter: \(inputs[1].count) indices for shape \(inputs[0].shape)")
    dimensions[axis] = isAdjoint ? extent : inputs[1].count
    return [TensorType(Shape(dimensions), inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) {
    let shape = context.inputTypes[0].shape
    let outer = shape.dimensions.prefix(axis).reduce(1, *)
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let (source, index, target) = (context.operand(0), context.operand(1), context.result())
    context.builder.gather(
      isAdjoint ? target : source, at: index, into: isAdjoint ? source : target, outer: outer,
      extent: extent, inner: inner, count: context.inputTypes[1].count, adjoint: isAdjoint,
      context.outputTypes[0].dtype)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0, call.inputs[1]) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let adjoint = Gather(axis: axis, extent: extent, isAdjoint: !isAdjoint)
    return [cotangents[0].map { adjoint($0, call.inputs[1]) }, nil]
  }
}

extension Tensor {
  /// The parts of an axis at whole-numbered indices, which may repeat.
  ///
  /// An index that is no whole number within the axis gives NaN, so that a wrong label shows.
  public func gathered(at indices: Tensor, along axis: Int = 0) -> Tensor {
    let axis = shape.axis(axis, of: "gather")
    let index = indices.dtype == dtype ? indices : indices.to(dtype)
    return Gather(axis: axis, extent: shape[axis])(self, index)
  }

  /// Rows with a 1 at the whole-numbered class of each element, and 0 elsewhere.
  ///
  /// A class that is no whole number below `classes` gives a row of NaN, so that a wrong label
  /// shows in the loss.
  ///
  /// - Shapes: `[n...]` gives `[n..., classes]`.
  public func oneHot(_ classes: Int) -> Tensor {
    let rows = expanded(at: rank).broadcast(to: Shape(shape.dimensions + [classes]))
    let ones = rows .== Tensor.iota(classes, dtype: dtype)
    let isKnown = sum(ones, over: [-1], keepingAxes: true)
    return ones + (isKnown / isKnown - 1)
  }
}
