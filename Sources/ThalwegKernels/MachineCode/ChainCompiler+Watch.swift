/// Watches: numbers that say whether all that was computed is below a limit.
extension ChainCompiler {
  /// Reserves places on the stack.
  mutating func placeWatches() {
    for _ in watches { watchPlaces.append(frame.reserve()) }
  }

  /// Sets the numbers to 0 in the first part; that is in rdx, and the table of buffers in rsi.
  mutating func beginWatches() throws(NotCovered) {
    guard !watches.isEmpty else { return }
    let skip = assembler.makeLabel()
    for (place, result) in zip(watchPlaces, watches.map(\.result)) {
      guard Int32(exactly: result.offset * dtype.size) != nil else { throw NotCovered() }
      assembler.load(.rax, Address(.rsi, 8 * Int(result.slot.index)))
      assembler.add(.rax, immediate: result.offset * dtype.size)
      assembler.store(Address(.rsp, place), .rax)
    }
    assembler.compareHalf(Address(.rdx, 16), immediate: 0)
    assembler.jump(if: .equal, to: skip)
    for place in watchPlaces { setNumber(at: place, to: 0) }
    assembler.bind(skip)
  }

  /// Sets the accumulators to 0, before the loops.
  mutating func clearAccumulators() {
    for register in pins.accumulators {
      assembler.vector(.clear, register, register, .register(register), .bytes64)
    }
  }

  /// Sets the numbers to NaN where a magnitude was seen that is not below the limit.
  mutating func endWatches() {
    let isDouble = dtype == .float64
    let nan = isDouble ? Double.nan.bitPattern : UInt64(Float.nan.bitPattern)
    for (index, register) in pins.accumulators.enumerated() {
      let (place, limit) = (watchPlaces[index], watches[index].limit)
      let skip = assembler.makeLabel()
      let number = VectorBlock.Number(
        bits: isDouble ? limit.bitPattern : UInt64(Float(limit).bitPattern), isDouble: isDouble)
      let constant = Address(constant: assembler.constants.place(of: number))
      assembler.vector(
        VectorEncoding(3, 1, 0x1E, isWide: isDouble), BlockEmitter.scratchMask, register,
        .element(constant), .bytes64, immediate: 5)
      assembler.testMask(BlockEmitter.scratchMask)
      assembler.jump(if: .equal, to: skip)
      setNumber(at: place, to: nan)
      assembler.bind(skip)
    }
  }

  private mutating func setNumber(at place: Int, to bits: UInt64) {
    assembler.load(.rax, Address(.rsp, place))
    assembler.move(.rcx, immediate: Int(truncatingIfNeeded: bits))
    if dtype == .float64 {
      assembler.store(Address(.rax), .rcx)
    } else {
      assembler.storeHalf(Address(.rax), .rcx)
    }
  }
}
