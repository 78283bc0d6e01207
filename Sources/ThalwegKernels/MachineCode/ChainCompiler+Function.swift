extension ChainCompiler {
  /// Appends the function and returns where it begins.
  mutating func compile() throws(NotCovered) -> Int {
    guard graph.isCovered else { throw NotCovered() }
    let entry = assembler.align()
    placePointers()
    if rank <= 1 { try compileLine() } else { try compileNest() }
    return entry
  }

  /// Gives pointers registers as far as there are any, and the others places on the stack.
  private mutating func placePointers() {
    for (pointer, view) in representatives.enumerated() {
      let stride = layout.views[view].strides.last ?? 1
      var place = FunctionFrame.Pointer(register: nil, stride: stride)
      if pointer < FunctionFrame.pointerRegisters.count {
        place.register = FunctionFrame.pointerRegisters[pointer]
      } else {
        place.memory = Address(.rsp, frame.reserve())
      }
      frame.pointers.append(place)
    }
  }

  /// Loads the pointers from the table of buffers, which is in rsi.
  mutating func loadPointers() throws(NotCovered) {
    for (pointer, view) in representatives.enumerated() {
      let register = frame.pointers[pointer].register ?? FunctionFrame.scratch
      let view = layout.views[view]
      guard Int32(exactly: view.offset * dtype.size) != nil else { throw NotCovered() }
      assembler.load(register, Address(.rsi, 8 * Int(view.slot.index)))
      assembler.add(register, immediate: view.offset * dtype.size)
      if let place = frame.pointers[pointer].memory { assembler.store(place, register) }
    }
  }
}
