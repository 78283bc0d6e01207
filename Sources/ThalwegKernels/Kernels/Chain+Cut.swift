extension Chain {
  /// The rows are those of the outermost axis.
  func cut(_ dtype: DType) -> Cut {
    let count = dimensions.reduce(1, *)
    let work = code.reduce(0.0) { $0 + $1.operation.relativeCost }
    let nanoseconds = dtype == .float32 ? 0.03 : 0.06
    return Cut(
      extent: dimensions.first { $0 > 1 } ?? 1, cost: 10 + Double(count) * work * nanoseconds)
  }

  /// What the chain touches; views that do not lie row by row are read whole.
  func accesses(_ dtype: DType) -> [Access] {
    inputs.map { access(to: $0, writes: false, dtype) }
      + outputs.map { access(to: $0, writes: true, dtype) }
  }

  private func access(to view: View, writes: Bool, _ dtype: DType) -> Access {
    guard let axis = dimensions.firstIndex(where: { $0 > 1 }), isByRows(view, axis) else {
      return writes ? .writes(view.slot) : .reads(view.slot)
    }
    // A block inside of wider rows, such as some of the channels, belongs to the same rows.
    let row = view.strides[axis]
    let operand = Operand(view.slot, offset: view.offset / row * row)
    return writes ? .writes(operand, rows: row, dtype) : .reads(operand, rows: row, dtype)
  }

  /// Whether the elements of a row lie between its beginning and that of the next one.
  private func isByRows(_ view: View, _ axis: Int) -> Bool {
    let inner = axis + 1..<dimensions.count
    let span = inner.reduce(0) { $0 + (dimensions[$1] - 1) * view.strides[$1] }
    return view.strides[axis] > view.offset % Swift.max(1, view.strides[axis]) + span
      && inner.allSatisfy { view.strides[$0] >= 0 }
  }
}

extension ChainOperation {
  /// What the operation costs, an addition being 1.
  fileprivate var relativeCost: Double {
    switch self {
    case .exp, .log, .tanh, .sigmoid, .softplus: 5
    case .sin, .cos, .power: 20
    case .divide, .sqrt, .reciprocal: 2
    default: 1
    }
  }
}
