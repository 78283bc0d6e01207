import ThalwegKernels

/// The greatest element over neighbouring axes, which are dropped.
struct MaximumOver: Operation {
  var axes: Range<Int>
  var name: String { "max" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    [TensorType(inputs[0].shape.dropping(axes), inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) { context.reduce(.maximum, axes) }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { Sum(axes: axes)(share(call) * $0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { share(call) * restored($0, axes, to: call.inputs[0].shape) }]
  }

  /// The part of the derivative that belongs to each element: equal among equal greatest ones.
  private func share(_ call: OperationCall) -> Tensor {
    let shape = call.inputs[0].shape
    let isGreatest = call.inputs[0] .== restored(call.output, axes, to: shape)
    return isGreatest / restored(Sum(axes: axes)(isGreatest), axes, to: shape)
  }
}

/// The greatest of all elements, or over some axes.
///
/// Where several are greatest, they share the derivative.
public func max(_ x: Tensor, over axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
  reduced(x, over: axes, keepingAxes: keepingAxes, "max") { MaximumOver(axes: $1)($0) }
}

/// The least of all elements, or over some axes.
public func min(_ x: Tensor, over axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
  -max(-x, over: axes, keepingAxes: keepingAxes)
}

/// The logarithm of the sum of exponentials, without overflow.
///
///     log Σ exp(x) = m + log Σ exp(x - m),  m = max x
public func logSumExp(
  _ x: Tensor, over axes: [Int]? = nil, keepingAxes: Bool = false
) -> Tensor {
  let greatest = stopGradient(max(x, over: axes, keepingAxes: true))
  let result = greatest + log(sum(exp(x - greatest), over: axes, keepingAxes: true))
  guard !keepingAxes else { return result }
  let dropped = Set((axes ?? Array(x.shape.indices)).map { x.shape.axis($0, of: "logSumExp") })
  return result.reshaped(
    to: Shape(x.shape.indices.filter { !dropped.contains($0) }.map { x.shape[$0] }))
}

/// exp(x) / Σ exp(x) over an axis.
public func softmax(_ x: Tensor, over axis: Int = -1) -> Tensor {
  exp(x - logSumExp(x, over: [axis], keepingAxes: true))
}
