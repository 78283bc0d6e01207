/// When the values of a block are read, and which of them stay in memory.
struct BlockUses {
  static let never = Int32.max

  /// Whether anything that is stored depends on a value.
  private(set) var isLive: [Bool]
  /// Values that can be read from memory whenever they are needed.
  private(set) var isInMemory: [Bool]
  /// Those that an instruction can take from memory as an operand.
  private(set) var isFoldable: [Bool]
  /// The first and the last instruction that read each value.
  private(set) var first: [Int32]
  private(set) var last: [Int32]
  /// For each of the three operands of every instruction, who reads it next.
  private(set) var after: [Int32]

  init(_ block: VectorBlock, _ frame: FunctionFrame) {
    let count = block.instructions.count
    isLive = [Bool](repeating: false, count: count)
    isInMemory = isLive
    isFoldable = isLive
    first = [Int32](repeating: Self.never, count: count)
    last = [Int32](repeating: -1, count: count)
    after = [Int32](repeating: Self.never, count: 3 * count)
    var reads = [Int32](repeating: 0, count: count)
    for index in stride(from: count - 1, through: 0, by: -1) {
      let instruction = block.instructions[index]
      isLive[index] = first[index] != Self.never || instruction.operation.isEffect
      guard isLive[index] else { continue }
      for (place, value) in [instruction.a, instruction.b, instruction.c].enumerated()
      where value >= 0 {
        after[3 * index + place] = first[Int(value)]
        last[Int(value)] = max(last[Int(value)], Int32(index))
        reads[Int(value)] += 1
      }
      for value in [instruction.a, instruction.b, instruction.c] where value >= 0 {
        first[Int(value)] = Int32(index)
      }
      switch instruction.operation {
      case .constant: (isInMemory[index], isFoldable[index]) = (true, true)
      case .pattern: isInMemory[index] = true
      case .load:
        let place = block.places[Int(instruction.immediate)]
        isInMemory[index] = place.isPlain(in: frame)
        isFoldable[index] =
          isInMemory[index]
          && (place.form == .element
            || reads[index] == 1 && place.bytes == instruction.length.bytes)
      default: break
      }
    }
  }

  /// The largest number of values that need a register at the same time.
  func pressure(of block: VectorBlock) -> Int {
    var changes = [Int](repeating: 0, count: block.instructions.count + 1)
    for (index, instruction) in block.instructions.enumerated()
    where isLive[index] && last[index] >= 0 && !instruction.operation.isMask {
      // What is read from memory is in a register while it is used, at most.
      if isFoldable[index] { continue }
      changes[index] += 1
      changes[Int(last[index])] -= 1
    }
    var (live, most) = (0, 0)
    for change in changes {
      live += change
      most = max(most, live)
    }
    return most
  }
}

extension VectorPlace {
  /// Whether a load is one instruction without masks.
  func isPlain(in frame: FunctionFrame) -> Bool {
    guard lanes == .all, !isVolatile, frame.pointers[pointer].rowMask == nil else { return false }
    return form == .neighbours || form == .element
  }
}
