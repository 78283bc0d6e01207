/// Chains over one axis along which views are shifted.
///
/// The vectors at the edges stand at fixed places; each is done by the calls whose range meets it,
/// under a mask.
extension ChainCompiler {
  mutating func compileShiftedLine() throws(NotCovered) {
    try checkSizes()
    let count = layout.dimensions[0]
    let middle = interior
    let left = stride(from: 0, to: middle.lowerBound, by: lanes)
    let right = stride(from: middle.upperBound, to: count, by: lanes)
    guard left.underestimatedCount + right.underestimatedCount <= RowPlan.maximumEdges else {
      throw NotCovered()
    }
    placeWatches()
    let range = (begin: frame.reserve(), end: frame.reserve())
    if middle.isEmpty { shared = [] }
    let loop = vectors(1)
    let rest = vector(VectorPosition(lanes: .rest))
    pins = PinnedRegisters(loop, frame)
    try withFrame(needsStack: true) { compiler throws(NotCovered) in
      try compiler.beginWatches()
      compiler.loadRange()
      compiler.assembler.store(Address(.rsp, range.begin), FunctionFrame.index)
      compiler.assembler.store(Address(.rsp, range.end), FunctionFrame.limit)
      try compiler.loadPointers()
      compiler.loadPins()
      for start in left { try compiler.emitEdge(start, count, range) }
      if !middle.isEmpty {
        compiler.restrict(to: middle, range)
        try compiler.emitLoop(loop, vectors: 1)
        try compiler.emitRest(rest)
      }
      for start in right { try compiler.emitEdge(start, count, range) }
      compiler.endWatches()
    }
  }

  /// Sets index and limit to the part of the range that lies in the middle.
  private mutating func restrict(to middle: Range<Int>, _ range: (begin: Int, end: Int)) {
    let other = FunctionFrame.secondScratch
    assembler.load(FunctionFrame.index, Address(.rsp, range.begin))
    assembler.move(other, immediate: middle.lowerBound * dtype.size)
    assembler.compare(FunctionFrame.index, other)
    assembler.move(FunctionFrame.index, other, if: .less)
    assembler.load(FunctionFrame.limit, Address(.rsp, range.end))
    assembler.move(other, immediate: middle.upperBound * dtype.size)
    assembler.compare(FunctionFrame.limit, other)
    assembler.move(FunctionFrame.limit, other, if: .greater)
  }

  /// Does the vector at a fixed place as far as it lies in the range.
  private mutating func emitEdge(
    _ start: Int, _ count: Int, _ range: (begin: Int, end: Int)
  ) throws(NotCovered) {
    let elements = start..<min(start + lanes, count)
    let skip = assembler.makeLabel()
    let (low, high) = (FunctionFrame.index, FunctionFrame.limit)
    assembler.load(low, Address(.rsp, range.begin))
    assembler.load(high, Address(.rsp, range.end))
    limit(low, to: elements)
    limit(high, to: elements)
    assembler.compare(low, high)
    assembler.jump(if: .greaterOrEqual, to: skip)
    // The lanes below the high end without those below the low one.
    let (mask, other) = (FunctionFrame.scratch, FunctionFrame.secondScratch)
    assembler.move(other, immediate: 0xFFFF)
    assembler.keepLow(mask, other, count: high)
    assembler.keepLow(other, other, count: low)
    assembler.subtract(mask, other)
    assembler.moveMask(BlockEmitter.restMask, mask)
    var block = VectorBlock(dtype)
    piece(elements, storing: .rest, &block)
    try emit(block)
    assembler.bind(skip)
  }

  /// A number of bytes along the row as a number of lanes of a vector.
  private mutating func limit(_ register: GeneralRegister, to elements: Range<Int>) {
    let other = FunctionFrame.secondScratch
    assembler.shiftRight(register, by: dtype.size.trailingZeroBitCount)
    assembler.add(register, immediate: -elements.lowerBound)
    assembler.move(other, immediate: 0)
    assembler.compare(register, other)
    assembler.move(register, other, if: .less)
    assembler.move(other, immediate: elements.count)
    assembler.compare(register, other)
    assembler.move(register, other, if: .greater)
  }
}
