/// Chains over one axis, of which each call does a range.
extension ChainCompiler {
  mutating func compileLine() throws(NotCovered) {
    guard layout.rowLength * dtype.size <= Int32.max else { throw NotCovered() }
    if layout.views.contains(where: \.isShifted) { return try compileShiftedLine() }
    let single = vectors(1)
    let count = unrolling(of: single)
    let loop = count == 1 ? single : vectors(count)
    pins = PinnedRegisters(loop, frame)
    let rest = vector(VectorPosition(lanes: .rest))
    placeWatches()
    try withFrame(needsStack: false) { compiler throws(NotCovered) in
      try compiler.beginWatches()
      compiler.loadRange()
      try compiler.loadPointers()
      compiler.loadPins()
      try compiler.emitLoop(loop, vectors: count)
      if count > 1 { try compiler.emitLoop(single, vectors: 1) }
      try compiler.emitRest(rest)
      compiler.endWatches()
    }
  }

  /// How many vectors a round of the loop does, so that there is always enough to work on.
  func unrolling(of block: VectorBlock) -> Int {
    let uses = BlockUses(block, frame)
    let work = block.instructions.indices.count { uses.isLive[$0] && !uses.isInMemory[$0] }
    let pressure = uses.pressure(of: block)
    return [4, 2].first { $0 * pressure <= 30 && $0 * work <= 256 } ?? 1
  }

  mutating func loadPins() {
    clearAccumulators()
    pins.loadConstants(&assembler)
    pins.loadElements(dtype == .float64, &assembler, frame)
  }

  /// Loads begin and end of the part, in bytes; its address is in rdx.
  mutating func loadRange() {
    let unit = layout.rowLength * dtype.size
    assembler.load(FunctionFrame.index, Address(.rdx, 0))
    assembler.load(FunctionFrame.limit, Address(.rdx, 8))
    assembler.multiply(FunctionFrame.index, FunctionFrame.index, immediate: unit)
    assembler.multiply(FunctionFrame.limit, FunctionFrame.limit, immediate: unit)
  }

  // MARK: - Loops

  /// Repeats a block while there are as many whole vectors before the limit.
  mutating func emitLoop(_ block: VectorBlock, vectors: Int) throws(NotCovered) {
    let (index, limit) = (FunctionFrame.index, FunctionFrame.limit)
    let start = assembler.makeLabel()
    let end = assembler.makeLabel()
    assembler.add(limit, immediate: -64 * vectors)
    assembler.compare(index, limit)
    assembler.jump(if: .greater, to: end)
    try emitCarried()
    assembler.bind(start)
    try emit(block)
    assembler.add(index, immediate: 64 * vectors)
    assembler.compare(index, limit)
    assembler.jump(if: .lessOrEqual, to: start)
    assembler.bind(end)
    assembler.add(limit, immediate: 64 * vectors)
  }

  /// Does what is left before the limit, less than a vector.
  mutating func emitRest(_ block: VectorBlock) throws(NotCovered) {
    let end = assembler.makeLabel()
    let (count, mask) = (FunctionFrame.scratch, FunctionFrame.secondScratch)
    assembler.move(count, FunctionFrame.limit)
    assembler.subtract(count, FunctionFrame.index)
    assembler.jump(if: .lessOrEqual, to: end)
    assembler.shiftRight(count, by: dtype.size.trailingZeroBitCount)
    assembler.move(mask, immediate: 0xFFFF)
    assembler.keepLow(mask, mask, count: count)
    assembler.moveMask(BlockEmitter.restMask, mask)
    try emit(block)
    assembler.bind(end)
  }
}
