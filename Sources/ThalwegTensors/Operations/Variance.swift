import ThalwegKernels

/// The mean of the squared deviations from the mean over some axes, which keep length 1.
///
/// The deviations add up to zero, so that the derivative through the mean vanishes.
struct Variance: CompositeOperation {
  var axes: [Int]
  var name: String { "variance" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    var dimensions = inputs[0].shape.dimensions
    for axis in axes { dimensions[axis] = 1 }
    return [TensorType(Shape(dimensions), inputs[0].dtype)]
  }

  private func mean(_ x: Tensor) -> Tensor {
    ThalwegTensors.mean(x, over: axes, keepingAxes: true)
  }

  private func deviations(_ x: Tensor) -> Tensor { x - mean(x) }

  func expanded(_ inputs: [Tensor]) -> Tensor { mean(square(deviations(inputs[0]))) }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { 2 * mean(deviations(call.inputs[0]) * $0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let x = call.inputs[0]
    let part = 2 * Double(call.output.count) / Double(x.count)
    return [cotangents[0].map { deviations(x) * (part * $0).broadcast(to: x.shape) }]
  }
}

/// The variance of all elements, or over some axes: the mean of the squared deviations from the mean.
///
///     (x - mean(x, over: [2, 3], keepingAxes: true))
///       / sqrt(variance(x, over: [2, 3], keepingAxes: true) + 1e-5)
public func variance(
  _ x: Tensor, over axes: [Int]? = nil, keepingAxes: Bool = false
) -> Tensor {
  let axes = Set((axes ?? Array(x.shape.indices)).map { x.shape.axis($0, of: "variance") })
  let kept = Variance(axes: axes.sorted())(x).asLiteral(if: x)
  guard !keepingAxes else { return kept }
  return kept.reshaped(
    to: Shape(x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }))
}
