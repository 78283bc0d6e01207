/// Pointers of views that are shifted along an outer axis.
extension ChainCompiler {
  /// Computes a shifted pointer for the index of its axis.
  mutating func emit(_ entry: ShiftedPointer, _ counter: Int?) {
    let (place, other) = (FunctionFrame.scratch, FunctionFrame.secondScratch)
    let shift = entry.shift
    if let counter {
      assembler.load(place, Address(.rsp, counter))
      assembler.add(place, immediate: shift.distance)
    } else {
      assembler.loadAddress(place, Address(FunctionFrame.limit, shift.distance))
    }
    if let mask = entry.mask {
      assembler.move(other, immediate: shift.extent)
      assembler.compare(place, other)
      assembler.fillIfBelow(other)
      if let base = entry.baseMask { assembler.and(other, Address(.rsp, base)) }
      assembler.store(Address(.rsp, mask), other)
    }
    if shift.boundary == .periodic {
      wrap(place, extent: shift.extent)
    } else {
      clamp(place, extent: shift.extent)
    }
    assembler.multiply(place, place, immediate: entry.stride)
    assembler.add(place, Address(.rsp, entry.base))
    if let register = frame.pointers[entry.pointer].register {
      assembler.move(register, place)
    } else if let memory = frame.pointers[entry.pointer].memory {
      assembler.store(memory, place)
    }
  }

  private mutating func clamp(_ place: GeneralRegister, extent: Int) {
    let other = FunctionFrame.secondScratch
    assembler.move(other, immediate: 0)
    assembler.compare(place, immediate: 0)
    assembler.move(place, other, if: .less)
    assembler.move(other, immediate: extent - 1)
    assembler.compare(place, other)
    assembler.move(place, other, if: .greater)
  }

  /// The index modulo the extent; it lies between -extent and 2 · extent.
  private mutating func wrap(_ place: GeneralRegister, extent: Int) {
    let other = FunctionFrame.secondScratch
    assembler.loadAddress(other, Address(place, extent))
    assembler.compare(place, immediate: 0)
    assembler.move(place, other, if: .less)
    assembler.loadAddress(other, Address(place, -extent))
    assembler.compare(place, immediate: extent)
    assembler.move(place, other, if: .greaterOrEqual)
  }

  mutating func move(_ pointer: Int, to base: Int) {
    let register = frame.pointers[pointer].register ?? FunctionFrame.scratch
    if let memory = frame.pointers[pointer].memory { assembler.load(register, memory) }
    assembler.store(Address(.rsp, base), register)
  }

  mutating func restore(_ pointer: Int, from base: Int) {
    let register = frame.pointers[pointer].register ?? FunctionFrame.scratch
    assembler.load(register, Address(.rsp, base))
    if let memory = frame.pointers[pointer].memory { assembler.store(memory, register) }
  }
}
