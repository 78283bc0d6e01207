/// Chains over several axes: a loop for each, the innermost over vectors.
extension ChainCompiler {
  mutating func compileNest() throws(NotCovered) {
    try checkSizes()
    let shifts = try placeShifts()
    let row = try RowPlan(&self)
    let counters = (0..<rank - 2).map { _ in frame.reserve() }
    let end = frame.reserve()
    placeWatches()
    let rows = ShortRows(self)
    if let main = rows?.block ?? row.main { pins = PinnedRegisters(main, frame) }
    try withFrame(needsStack: true) { compiler throws(NotCovered) in
      let nest = Nest(row: row, rows: rows, counters: counters, end: end, shifts: shifts)
      try compiler.beginWatches()
      try compiler.loadNest(nest)
      compiler.clearAccumulators()
      compiler.pins.loadConstants(&compiler.assembler)
      try compiler.emitAxis(0, nest)
      compiler.endWatches()
    }
  }

  /// What the loops around a row keep on the stack.
  struct Nest {
    var row: RowPlan
    var rows: ShortRows?
    /// Indices of all axes but the innermost two, which have registers.
    var counters: [Int]
    /// The end of the outermost axis.
    var end: Int
    var shifts: [ShiftedPointer]
  }

  /// A pointer that is computed anew for each index of an axis.
  struct ShiftedPointer {
    var pointer: Int
    var axis: Int
    var shift: AxisShift
    var stride: Int
    /// Where on the stack its value without this axis lies, and the mask without it.
    var base: Int
    var baseMask: Int?
    /// Where on the stack the mask with this axis lies.
    var mask: Int?
  }

  /// All distances must fit in the numbers of instructions.
  func checkSizes() throws(NotCovered) {
    for view in layout.views {
      for (length, stride) in zip(layout.dimensions, view.strides)
      where Int32(exactly: length * abs(stride) * dtype.size) == nil {
        throw NotCovered()
      }
    }
    guard layout.dimensions.allSatisfy({ Int32(exactly: $0 * dtype.size) != nil }) else {
      throw NotCovered()
    }
  }

  private mutating func placeShifts() throws(NotCovered) -> [ShiftedPointer] {
    var shifts: [ShiftedPointer] = []
    for (pointer, index) in representatives.enumerated() {
      let view = layout.views[index]
      for axis in 0..<rank - 1 {
        guard let shift = view.shift(axis) else { continue }
        var entry = ShiftedPointer(
          pointer: pointer, axis: axis, shift: shift, stride: view.strides[axis] * dtype.size,
          base: frame.reserve())
        if shift.boundary == .zero {
          entry.baseMask = frame.pointers[pointer].rowMask
          entry.mask = frame.reserve()
          frame.pointers[pointer].rowMask = entry.mask
        }
        if shift.boundary == .periodic {
          entry.shift.distance %= shift.extent
          guard layout.dimensions[axis] <= shift.extent else { throw NotCovered() }
        }
        shifts.append(entry)
      }
    }
    return shifts
  }

  // MARK: - Loops

  private mutating func loadNest(_ nest: Nest) throws(NotCovered) {
    let (begin, other) = (FunctionFrame.limit, GeneralRegister.rax)
    assembler.load(begin, Address(.rdx, 0))
    assembler.load(other, Address(.rdx, 8))
    assembler.multiply(begin, begin, immediate: layout.rowLength)
    assembler.multiply(other, other, immediate: layout.rowLength)
    assembler.store(Address(.rsp, nest.end), other)
    if let counter = nest.counters.first { assembler.store(Address(.rsp, counter), begin) }
    try loadPointers()
    for (pointer, view) in representatives.enumerated()
    where layout.views[view].shift(0) == nil && layout.views[view].strides[0] != 0 {
      let bytes = layout.views[view].strides[0] * dtype.size
      assembler.multiply(other, begin, immediate: bytes)
      add(other, to: pointer)
    }
  }

  private mutating func emitAxis(_ axis: Int, _ nest: Nest) throws(NotCovered) {
    guard axis < rank - 1 else { return try emitRow(nest.row) }
    let counter = axis == rank - 2 ? nil : nest.counters[axis]
    if axis > 0 { set(counter, to: 0) }
    let shifts = nest.shifts.filter { $0.axis == axis }
    for shift in shifts { move(shift.pointer, to: shift.base) }
    let start = assembler.makeLabel()
    let end = assembler.makeLabel()
    if axis == rank - 2, let rows = nest.rows { try emitRows(rows, axis, nest) }
    if axis == 0 || axis == rank - 2 && nest.rows != nil {
      load(.rdx, counter)
      compareWithEnd(of: axis, nest)
      assembler.jump(if: .greaterOrEqual, to: end)
    }
    if axis == rank - 2, shared.contains(where: { $0.direction == .row }) {
      for shift in shifts { emit(shift, counter) }
      pins.loadElements(dtype == .float64, &assembler, frame)
      try emitRowBefore(nest.row.looped)
    }
    assembler.bind(start)
    for shift in shifts { emit(shift, counter) }
    try emitAxis(axis + 1, nest)
    advance(axis, by: 1)
    step(counter, by: 1)
    compareWithEnd(of: axis, nest)
    assembler.jump(if: .less, to: start)
    assembler.bind(end)
    if axis > 0 { for shift in shifts { restore(shift.pointer, from: shift.base) } }
  }

  /// Does several short rows at a time, as long as there are so many.
  private mutating func emitRows(
    _ rows: ShortRows, _ axis: Int, _ nest: Nest
  ) throws(NotCovered) {
    let start = assembler.makeLabel()
    let end = assembler.makeLabel()
    assembler.bind(start)
    assembler.loadAddress(.rdx, Address(FunctionFrame.limit, rows.count))
    compareWithEnd(of: axis, nest)
    assembler.jump(if: .greater, to: end)
    pins.loadElements(dtype == .float64, &assembler, frame)
    try emit(rows.block)
    advance(axis, by: rows.count)
    step(nil, by: rows.count)
    assembler.jump(to: start)
    assembler.bind(end)
  }

  /// Moves a counter on and leaves it in rdx.
  private mutating func step(_ counter: Int?, by count: Int) {
    load(.rdx, counter)
    assembler.add(.rdx, immediate: count)
    if let counter {
      assembler.store(Address(.rsp, counter), .rdx)
    } else {
      assembler.move(FunctionFrame.limit, .rdx)
    }
  }

  /// Compares rdx with the end of an axis.
  private mutating func compareWithEnd(of axis: Int, _ nest: Nest) {
    if axis == 0 {
      assembler.compare(.rdx, Address(.rsp, nest.end))
    } else {
      assembler.compare(.rdx, immediate: layout.dimensions[axis])
    }
  }

  private mutating func set(_ counter: Int?, to value: Int) {
    if let counter {
      assembler.store(Address(.rsp, counter), immediate: value)
    } else {
      assembler.move(FunctionFrame.limit, immediate: value)
    }
  }

  private mutating func load(_ register: GeneralRegister, _ counter: Int?) {
    if let counter {
      assembler.load(register, Address(.rsp, counter))
    } else {
      assembler.move(register, FunctionFrame.limit)
    }
  }

  /// Moves the pointers on along an axis.
  private mutating func advance(_ axis: Int, by count: Int) {
    for (pointer, index) in representatives.enumerated() {
      let view = layout.views[index]
      guard view.shift(axis) == nil else { continue }
      // The axis inside has moved the pointer over its whole length.
      let inside = axis + 1
      let moved =
        inside < rank - 1 && view.shift(inside) == nil
        ? layout.dimensions[inside] * view.strides[inside] : 0
      let bytes = (view.strides[axis] - moved) * count * dtype.size
      guard bytes != 0 else { continue }
      if let register = frame.pointers[pointer].register {
        assembler.add(register, immediate: bytes)
      } else if let place = frame.pointers[pointer].memory {
        assembler.add(place, immediate: bytes)
      }
    }
  }

  private mutating func add(_ register: GeneralRegister, to pointer: Int) {
    if let target = frame.pointers[pointer].register { return assembler.add(target, register) }
    guard let place = frame.pointers[pointer].memory else { return }
    assembler.add(register, place)
    assembler.store(place, register)
  }
}
