/// How each kind of instruction is written.
extension BlockEmitter {
  mutating func binary(
    _ index: Int32, _ instruction: VectorInstruction, _ first: Int32, _ second: Int32
  ) {
    var (first, second) = (first, second)
    if instruction.operation.isCommutative, folds(first), !folds(second) {
      swap(&first, &second)
    }
    let mask = laneMask(instruction)
    let left = register(first)
    let right = source(second)
    retire(index)
    let target = take()
    define(index, in: target)
    let start: UInt8? =
      instruction.operation == .join ? UInt8(truncatingIfNeeded: instruction.immediate) : nil
    assembler.vector(
      instruction.encoding, target, left, right, instruction.length, mask: mask, immediate: start)
  }

  mutating func carry(_ index: Int32, _ instruction: VectorInstruction) {
    let value = register(instruction.a)
    let target = pins.carries[Int(instruction.immediate)]
    assembler.vector(.move(instruction.isDouble), target, 0, .register(value), .bytes64)
    retire(index)
  }

  /// The lanes that an instruction writes: those of a selection, or of a permutation.
  private mutating func laneMask(_ instruction: VectorInstruction) -> LaneMask {
    switch instruction.operation {
    case .select: return LaneMask(register: maskRegister(instruction.c))
    case .permute where instruction.immediate != 0xFFFF:
      setScratchMask(UInt16(truncatingIfNeeded: instruction.immediate))
      return LaneMask(register: Self.scratchMask, clears: true)
    default: return .all
    }
  }

  mutating func accumulate(_ index: Int32, _ instruction: VectorInstruction) {
    let watch = block.watches[Int(instruction.immediate)]
    let value = register(instruction.a)
    let target = pins.accumulators[watch.accumulator]
    let mask = LaneMask(register: maskRegister(of: watch.lanes))
    assembler.vector(
      instruction.encoding, target, target, .register(value), .bytes64, mask: mask)
    retire(index)
  }

  /// The order is overwritten by the result.
  mutating func permuteBoth(_ index: Int32, _ instruction: VectorInstruction) {
    let first = register(instruction.b)
    let second = register(instruction.c)
    let target = take()
    locked |= 1 << UInt32(target)
    if isInRegister(instruction.a) {
      let order = VectorSource.register(register(instruction.a))
      assembler.vector(.move(false), target, 0, order, .bytes64)
    } else {
      fetch(instruction.a, into: target)
    }
    retire(index)
    define(index, in: target)
    assembler.vector(instruction.encoding, target, first, .register(second), .bytes64)
  }

  mutating func keep(_ index: Int32, _ instruction: VectorInstruction) {
    let mask = LaneMask(register: maskRegister(instruction.c), clears: true)
    let right = source(instruction.a)
    retire(index)
    let target = take()
    define(index, in: target)
    switch right {
    case .element(let address):
      assembler.vector(
        .broadcast(instruction.isDouble), target, 0, .memory(address), .bytes64, mask: mask)
    default:
      assembler.vector(
        .move(instruction.isDouble), target, 0, right, instruction.length, mask: mask)
    }
  }

  mutating func compare(_ index: Int32, _ instruction: VectorInstruction) {
    let left = register(instruction.a)
    let right = source(instruction.b)
    retire(index)
    let immediate: UInt8? =
      instruction.operation == .compare ? UInt8(truncatingIfNeeded: instruction.immediate) : nil
    assembler.vector(
      instruction.encoding, takeMask(for: index), left, right, instruction.length,
      immediate: immediate)
  }

  mutating func shift(_ index: Int32, _ instruction: VectorInstruction) {
    let right = source(instruction.a)
    retire(index)
    let target = take()
    define(index, in: target)
    assembler.vector(
      instruction.encoding, instruction.operation == .shiftLeft ? 6 : 2, target, right,
      instruction.length, immediate: UInt8(truncatingIfNeeded: instruction.immediate))
  }

  mutating func unary(_ index: Int32, _ instruction: VectorInstruction) {
    let right = source(instruction.a)
    retire(index)
    let target = take()
    define(index, in: target)
    let mode: UInt8? =
      instruction.operation == .round ? UInt8(truncatingIfNeeded: instruction.immediate) : nil
    assembler.vector(
      instruction.encoding, target, 0, right, instruction.length, immediate: mode)
  }

  /// Changes of precision, from one register to two and back.
  mutating func convert(_ index: Int32, _ instruction: VectorInstruction) {
    let a = register(instruction.a)
    let b = instruction.b < 0 ? a : register(instruction.b)
    let target = take()  // before the operands are freed: it is written before they are all read
    retire(index)
    define(index, in: target)
    switch instruction.operation {
    case .widenLow:
      assembler.vector(.widen, target, 0, .register(a), .bytes64)
    case .widenHigh:
      assembler.vector(.upperHalf, a, 0, .register(target), .bytes64, immediate: 1)
      assembler.vector(.widen, target, 0, .register(target), .bytes64)
    default:
      let other = take()
      assembler.vector(.narrow, target, 0, .register(a), .bytes64)
      assembler.vector(.narrow, other, 0, .register(b), .bytes64)
      assembler.vector(.joinHalves, target, target, .register(other), .bytes64, immediate: 1)
      giveBack(other)
    }
  }

  // MARK: - Products

  /// A product and a sum rounded once: one of the three operands is overwritten.
  mutating func fused(_ index: Int32, _ instruction: VectorInstruction) {
    var (a, b) = (instruction.a, instruction.b)
    let c = instruction.c
    // At most one operand is read from memory.
    if folds(a), folds(b) || folds(c) { _ = register(a) }
    if folds(b), folds(c) { _ = register(b) }
    if folds(a) { swap(&a, &b) }  // from here on, a is in a register
    let first = register(a)
    if dies(c, at: index) {
      return accumulate(index, instruction, first, b, c)
    }
    if b != a, !folds(b), dies(b, at: index), !dies(a, at: index) {
      return overwrite(index, instruction, b, a, c)
    }
    overwrite(index, instruction, a, b, c)
  }

  /// Adds a product to the register of the addend.
  private mutating func accumulate(
    _ index: Int32, _ instruction: VectorInstruction, _ first: UInt8, _ b: Int32, _ c: Int32
  ) {
    let target = register(c)
    let second = source(b)
    retire(index)
    define(index, in: target)
    assembler.vector(
      instruction.encoding(form: 2), target, first, second, instruction.length)
  }

  /// Replaces the factor a by the result, or a copy of it where it is needed later.
  private mutating func overwrite(
    _ index: Int32, _ instruction: VectorInstruction, _ a: Int32, _ b: Int32, _ c: Int32
  ) {
    let left = register(a)
    // The operand that may be in memory comes last.
    let addendLast = !folds(b)
    let middle = register(addendLast ? b : c)
    let target: UInt8
    if dies(a, at: index) {
      target = left
      let last = source(addendLast ? c : b)
      retire(index)
      define(index, in: target)
      return write(instruction, addendLast, target, middle, last)
    }
    target = take()
    locked |= 1 << UInt32(target)
    assembler.vector(.move(instruction.isDouble), target, 0, .register(left), .bytes64)
    let last = source(addendLast ? c : b)
    retire(index)
    define(index, in: target)
    write(instruction, addendLast, target, middle, last)
  }

  private mutating func write(
    _ instruction: VectorInstruction, _ addendLast: Bool, _ target: UInt8, _ middle: UInt8,
    _ last: VectorSource
  ) {
    assembler.vector(
      instruction.encoding(form: addendLast ? 1 : 0), target, middle, last, instruction.length)
  }
}

extension VectorInstruction {
  /// Which of the three operands of a fused product is overwritten: form 0 is a · c + b, form 1 is
  /// a · b + c, and form 2 is b · c + a, where a is the target.
  package func encoding(form: UInt8) -> VectorEncoding {
    var encoding = self.encoding
    encoding.opcode += 16 * form
    return encoding
  }
}
