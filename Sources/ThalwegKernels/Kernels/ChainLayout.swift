/// The iteration space of a chain with as few axes as possible, and its views in it.
struct ChainLayout {
  struct View {
    var slot: Slot
    var offset: Int
    var strides: [Int]
    /// One for each axis, or none at all.
    var shifts: [AxisShift?]

    func shift(_ axis: Int) -> AxisShift? { shifts.isEmpty ? nil : shifts[axis] }
    var isShifted: Bool { shifts.contains { $0 != nil } }
  }

  private(set) var dimensions: [Int] = []
  /// The inputs, then the outputs.
  private(set) var views: [View]
  /// Rows of the chain's leading extent, and how many indices of the outermost axis make one.
  private(set) var extent = 1
  var rowLength: Int { (dimensions.first ?? 1) / extent }

  init(_ chain: Chain) {
    let all = chain.inputs + chain.outputs
    views = all.map { View(slot: $0.slot, offset: $0.offset, strides: [], shifts: []) }
    let isShifted = all.contains { !$0.shifts.isEmpty }
    for axis in chain.dimensions.indices {
      let length = chain.dimensions[axis]
      if length == 1, drop(axis, of: all) { continue }
      let isFixed = isShifted && all.contains { $0.shifts[axis] != nil }
      if !isFixed, joins(axis, length, of: all) {
        dimensions[dimensions.count - 1] *= length
        for index in views.indices {
          views[index].strides[dimensions.count - 1] = all[index].strides[axis]
        }
      } else {
        dimensions.append(length)
        for index in views.indices {
          views[index].strides.append(all[index].strides[axis])
          if isShifted { views[index].shifts.append(all[index].shifts[axis]) }
        }
      }
    }
    let first = chain.dimensions.first { $0 > 1 } ?? 1
    // An axis of length 1 that stayed is not what the rows are counted along.
    extent = (dimensions.first ?? 1) % first == 0 ? first : 1
  }

  var count: Int { dimensions.reduce(1, *) }

  /// Leaves out an axis of length 1, unless a view is outside of its tensor there.
  private mutating func drop(_ axis: Int, of all: [Chain.View]) -> Bool {
    let sources = all.map { $0.shifts[axis].map { $0.source(of: 0) } ?? 0 }
    guard sources.allSatisfy({ $0 != nil }) else { return false }
    for (index, source) in sources.enumerated() {
      views[index].offset += (source ?? 0) * all[index].strides[axis]
    }
    return true
  }

  /// Whether all views walk over an axis and the one before as over a single one.
  private func joins(_ axis: Int, _ length: Int, of all: [Chain.View]) -> Bool {
    guard let last = dimensions.indices.last else { return false }
    return views.indices.allSatisfy { index in
      views[index].strides[last] == all[index].strides[axis] * length
        && views[index].shift(last) == nil
    }
  }
}
