public import ThalwegKernels

struct Shift: ViewOperation {
  var axis: Int
  var distance: Int
  var boundary: ShiftBoundary
  var name: String { "shift" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] { inputs }

  func view(of input: StridedView) -> StridedView? {
    let extent = input.shape[axis]
    var view = input
    // An axis along which nothing changes looks the same from everywhere.
    if input.strides[axis] == 0, input.shifts[axis] == nil, boundary != .zero { return view }
    let shift = AxisShift(distance: distance, extent: extent, boundary: boundary)
    guard let before = input.shifts[axis] else {
      view.shifts[axis] = shift
      return view
    }
    guard let both = before.followed(by: shift) else { return nil }
    view.shifts[axis] = both
    return view
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    [tangents[0].map { self($0) }]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { adjoint(of: $0) }]
  }

  private func adjoint(of y: Tensor) -> Tensor {
    guard boundary == .replicated, y.shape[axis] > 0, distance != 0 else {
      return Shift(axis: axis, distance: -distance, boundary: boundary)(y)
    }
    let moved = Shift(axis: axis, distance: -distance, boundary: .zero)(y)
    return moved + edge(of: y)
  }

  /// What the elements that repeat the edge hand back to it.
  private func edge(of y: Tensor) -> Tensor {
    let length = y.shape[axis]
    let count = min(abs(distance), length)
    let isLast = distance > 0
    guard count <= Self.fusedCount else {
      let part = isLast ? length - count..<length : 0..<count
      let total = sum(y.slice(part, along: axis), over: [axis], keepingAxes: true)
      let rest = length - 1
      return total.padded(before: isLast ? rest : 0, after: isLast ? 0 : rest, along: axis)
    }
    var flags = [Double](repeating: 0, count: length)
    flags[isLast ? length - 1 : 0] = 1
    let shape = Shape(y.shape.indices.map { $0 == axis ? length : 1 })
    let isEdge = Tensor(flags, shape: shape, dtype: y.dtype)
    var total = y
    for step in 1..<count {
      total = total + Shift(axis: axis, distance: isLast ? -step : step, boundary: .zero)(y)
    }
    return select(isEdge, total, 0)
  }

  /// So many elements are added up one by one in the pass over all, more of them apart.
  private static let fusedCount = 4
}

extension AxisShift {
  /// The shift that does what this one does and then another one of its result, if there is one.
  fileprivate func followed(by next: AxisShift) -> AxisShift? {
    guard boundary == next.boundary, extent == next.extent,
      boundary == .periodic || distance.signum() * next.distance.signum() >= 0
    else { return nil }
    return AxisShift(
      distance: distance + next.distance, extent: extent, boundary: boundary)
  }
}

extension Tensor {
  /// The tensor whose element i along an axis is element i + distance of this one.
  ///
  ///     let right = u.shifted(by: 1, along: 0)                      // u[i + 1], u[n - 1] at the end
  ///     let laplacian = right - 2 * u + u.shifted(by: -1, along: 0)
  ///
  /// Beyond the ends lie repetitions of the edge, or of the whole, or zeros. A chain of
  /// element-wise operations reads its neighbours right from `u`, so that a step of an explicit
  /// scheme passes over memory once.
  ///
  /// - Cost: none of its own where `u` was computed before; where `u` is part of the same chain, one
  ///   more pass over memory.
  public func shifted(
    by distance: Int, along axis: Int, boundary: ShiftBoundary = .replicated
  ) -> Tensor {
    let axis = shape.axis(axis, of: "shift")
    guard distance != 0, shape[axis] > 0 else { return self }
    return Shift(axis: axis, distance: distance, boundary: boundary)(self).asLiteral(if: self)
  }
}
