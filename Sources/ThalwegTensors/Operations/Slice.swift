import ThalwegKernels

struct Slice: ViewOperation {
  var lower: [Int]
  var upper: [Int]
  var name: String { "slice" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let shape = inputs[0].shape
    require(
      shape.indices.allSatisfy {
        0 <= lower[$0] && lower[$0] <= upper[$0] && upper[$0] <= shape[$0]
      },
      "slice: \(zip(lower, upper).map { "\($0)..<\($1)" }) is not within shape \(shape)")
    return [TensorType(Shape(zip(lower, upper).map { $1 - $0 }), inputs[0].dtype)]
  }

  func view(of input: StridedView) -> StridedView? {
    var view = input
    view.shape = Shape(zip(lower, upper).map { $1 - $0 })
    for (axis, first) in lower.enumerated() {
      if view.shifts[axis] == nil {
        view.offset += first * input.strides[axis]
      } else {
        view.shifts[axis]?.distance += first
      }
    }
    return view
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let after = call.inputs[0].shape.indices.map { call.inputs[0].shape[$0] - upper[$0] }
    return [cotangents[0].map { Pad(before: lower, after: after, value: 0)($0) }]
  }
}

extension Tensor {
  /// The elements whose index along an axis lies in a range.
  public func slice(_ range: Range<Int>, along axis: Int = 0) -> Tensor {
    let axis = shape.axis(axis, of: "slice")
    var lower = [Int](repeating: 0, count: rank)
    var upper = shape.dimensions
    lower[axis] = range.lowerBound
    upper[axis] = range.upperBound
    return Slice(lower: lower, upper: upper)(self).asLiteral(if: self)
  }

  /// The part at an index of the first axis, or at an index of each of the leading axes.
  ///
  ///     let (x, y) = (state[0], state[1])
  public subscript(_ indices: Int...) -> Tensor {
    require(
      indices.count <= rank, "subscript: \(indices.count) indices into shape \(shape)")
    var part = self
    for (axis, index) in indices.enumerated() {
      let index = index < 0 ? index + shape[axis] : index
      require(
        0 <= index && index < shape[axis],
        "subscript: index \(index) of axis \(axis) is outside shape \(shape)")
      part = part.slice(index..<index + 1, along: axis)
    }
    return part.reshaped(to: Shape(Array(shape.dimensions.dropFirst(indices.count))))
  }

  /// The part at an index of one axis, by default the last.
  ///
  ///     let (angle, velocity) = (y.component(0), y.component(1))
  ///     return stack([velocity, -sin(angle)], along: -1)
  ///
  /// Unlike ``subscript(_:)``, which counts along the first axis, it means the same in one state of
  /// shape `[features]` and in a batch of shape `[batch, features]`.
  ///
  /// - Shapes: that of the tensor without the axis; `stack(_:along:)` puts components back.
  public func component(_ index: Int, along axis: Int = -1) -> Tensor {
    let axis = shape.axis(axis, of: "component")
    let position = index < 0 ? index + shape[axis] : index
    require(
      0 <= position && position < shape[axis],
      "component: index \(index) of axis \(axis) is outside shape \(shape)")
    var dimensions = shape.dimensions
    dimensions.remove(at: axis)
    return slice(position..<position + 1, along: axis).reshaped(to: Shape(dimensions))
  }

  /// The parts of equal length into which an axis is cut.
  public func split(into parts: Int, along axis: Int = 0) -> [Tensor] {
    let axis = shape.axis(axis, of: "split")
    require(
      parts > 0 && shape[axis] % parts == 0,
      "split: axis \(axis) of shape \(shape) does not divide into \(parts)")
    let length = shape[axis] / parts
    return (0..<parts).map { slice($0 * length..<($0 + 1) * length, along: axis) }
  }
}
