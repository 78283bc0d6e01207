extension Chain {
  /// The rows are those of the outermost axis.
  func cut(_ layout: ChainLayout, _ dtype: DType, isCompiled: Bool) -> Cut {
    let bytes = Double(dimensions.reduce(1, *) * dtype.size)
    guard isCompiled, code.allSatisfy(\.operation.isCompiled) else {
      let work = code.reduce(0.0) { $0 + $1.operation.relativeCost }
      return Cut(extent: layout.extent, cost: 10 + bytes * work * 0.0075)
    }
    // In machine code memory is passed over only once.
    let work = Double(code.reduce(0) { $0 + $1.operation.work })
    let views = Double(inputs.count + outputs.count)
    return Cut(extent: layout.extent, cost: 5 + bytes * (0.003 * views + 0.0015 * work))
  }

  /// What the chain touches; views that do not lie row by row are read whole.
  func accesses(_ dtype: DType, overwriting slots: [Slot]) -> [Access] {
    inputs.map { access(to: $0, writes: false, dtype) }
      + inputs.filter { slots.contains($0.slot) }.map { access(to: $0, writes: true, dtype) }
      + outputs.map { access(to: $0, writes: true, dtype) }
      + watches.map { .contracts($0.result, count: 1, dtype) }
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
    guard view.shifts[axis] == nil else { return false }
    let inner = axis + 1..<dimensions.count
    let span = inner.reduce(0) { sum, axis in
      sum + ((view.shifts[axis]?.extent ?? dimensions[axis]) - 1) * view.strides[axis]
    }
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
