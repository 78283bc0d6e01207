import ThalwegKernels

/// The sum over neighbouring axes, which are dropped.
struct Sum: Operation {
  var axes: Range<Int>
  var name: String { "sum" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    [TensorType(inputs[0].shape.dropping(axes), inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) { context.reduce(.sum, axes) }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let shape = call.inputs[0].shape
    return [cotangents[0].map { restored($0, axes, to: shape) }]
  }
}

/// The sum of all elements, or over some axes.
///
///     sum(x)                 // a scalar
///     sum(x, over: [-1])     // one for each row
///     sum(x, over: [2, 3], keepingAxes: true)
public func sum(_ x: Tensor, over axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
  reduced(x, over: axes, keepingAxes: keepingAxes, "sum") { Sum(axes: $1)($0) }
}

/// The mean of all elements, or over some axes.
public func mean(_ x: Tensor, over axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
  let total = sum(x, over: axes, keepingAxes: keepingAxes)
  return total * (Double(total.count) / Double(x.count))
}

/// Reduces over runs of neighbouring axes, innermost first.
func reduced(
  _ x: Tensor, over axes: [Int]?, keepingAxes: Bool, _ name: String,
  _ reduction: (Tensor, Range<Int>) -> Tensor
) -> Tensor {
  let axes = Set((axes ?? Array(x.shape.indices)).map { x.shape.axis($0, of: name) })
  var result = x
  var upper = x.rank
  while upper > 0 {
    guard axes.contains(upper - 1) else {
      upper -= 1
      continue
    }
    var lower = upper - 1
    while lower > 0, axes.contains(lower - 1) { lower -= 1 }
    let isTrivial = result.shape.dimensions[lower..<upper].allSatisfy { $0 == 1 }
    result =
      isTrivial
      ? result.reshaped(to: result.shape.dropping(lower..<upper))
      : reduction(result, lower..<upper)
    upper = lower
  }
  guard keepingAxes else { return result.asLiteral(if: x) }
  let kept = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
  return result.reshaped(to: Shape(kept)).asLiteral(if: x)
}

/// Repeats a reduced tensor along the axes that were dropped.
func restored(_ x: Tensor, _ axes: Range<Int>, to shape: Shape) -> Tensor {
  let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
  return x.reshaped(to: Shape(kept)).broadcast(to: shape)
}

extension Shape {
  func dropping(_ axes: Range<Int>) -> Shape {
    var dimensions = dimensions
    dimensions.removeSubrange(axes)
    return Shape(dimensions)
  }
}
