/// Registers that hold the same in all rounds of a loop: constants, and what does not move along.
struct PinnedRegisters {
  /// The registers that are taken, a bit for each.
  private(set) var taken: UInt32 = 0
  private(set) var numbers: [VectorBlock.Number: UInt8] = [:]
  private(set) var patterns: [[Int32]: UInt8] = [:]
  private(set) var places: [VectorPlace: UInt8] = [:]
  /// What a round of the loop leaves to the next.
  private(set) var carries: [UInt8] = []
  /// What is found out about all vectors.
  private(set) var accumulators: [UInt8] = []

  /// Nothing is pinned.
  init() {}

  /// Pins what the block of a loop reads most often, as far as its values leave registers.
  init(_ block: VectorBlock, _ frame: FunctionFrame) {
    let kept = block.instructions.count { $0.operation == .carry }
    let watched = Set(block.watches.map(\.accumulator)).count
    carries = (0..<kept).map { UInt8(truncatingIfNeeded: 31 - $0) }
    accumulators = (0..<watched).map { UInt8(truncatingIfNeeded: 31 - kept - $0) }
    for register in carries + accumulators { taken |= 1 << UInt32(register) }
    let uses = BlockUses(block, frame)
    var weights = [Int](repeating: 0, count: block.instructions.count)
    for (index, instruction) in block.instructions.enumerated() where uses.isLive[index] {
      // The first operand cannot be in memory: without a register it takes an instruction more.
      if instruction.a >= 0 { weights[Int(instruction.a)] += 3 }
      if instruction.b >= 0 { weights[Int(instruction.b)] += 2 }
      if instruction.c >= 0 { weights[Int(instruction.c)] += 2 }
    }
    let candidates = block.instructions.indices.filter { index in
      weights[index] > 0 && Self.isFixed(block.instructions[index], block)
    }
    let available = 30 - uses.pressure(of: block) - kept - watched
    let chosen = candidates.sorted { weights[$0] > weights[$1] }.prefix(max(0, available))
    var register = UInt8(truncatingIfNeeded: 31 - kept - watched)
    for index in chosen {
      pin(block.instructions[index], block, register)
      register -= 1
    }
  }

  /// Whether a value is the same in every round.
  private static func isFixed(_ instruction: VectorInstruction, _ block: VectorBlock) -> Bool {
    switch instruction.operation {
    case .constant, .pattern: return true
    case .load:
      let place = block.places[Int(instruction.immediate)]
      return place.form == .element && place.lanes == .all && !place.isIndexed && !place.isVolatile
    default: return false
    }
  }

  private mutating func pin(
    _ instruction: VectorInstruction, _ block: VectorBlock, _ register: UInt8
  ) {
    let place = Int(instruction.immediate)
    switch instruction.operation {
    case .constant: numbers[block.numbers[place]] = register
    case .pattern: patterns[block.patterns[place]] = register
    default: places[block.places[place]] = register
    }
    taken |= 1 << UInt32(register)
  }

  /// The register of a value, if it is pinned.
  func register(of value: Int32, in block: VectorBlock) -> UInt8? {
    let instruction = block.instructions[Int(value)]
    let place = Int(instruction.immediate)
    switch instruction.operation {
    case .constant: return numbers[block.numbers[place]]
    case .pattern: return patterns[block.patterns[place]]
    case .load: return places[block.places[place]]
    default: return nil
    }
  }

  /// Appends the loads of what never changes.
  func loadConstants(_ assembler: inout Assembler) {
    for (number, register) in numbers.sorted(by: { $0.value > $1.value }) {
      let address = Address(constant: assembler.constants.place(of: number))
      assembler.vector(.broadcast(number.isDouble), register, 0, .memory(address), .bytes64)
    }
    for (pattern, register) in patterns.sorted(by: { $0.value > $1.value }) {
      let address = Address(constant: assembler.constants.place(of: pattern))
      assembler.vector(.load(false), register, 0, .memory(address), .bytes64)
    }
  }

  /// Appends the loads of what stays the same along a row.
  func loadElements(_ isDouble: Bool, _ assembler: inout Assembler, _ frame: FunctionFrame) {
    for (place, register) in places.sorted(by: { $0.value > $1.value }) {
      var mask = LaneMask.all
      if let row = frame.pointers[place.pointer].rowMask {
        assembler.loadMask(BlockEmitter.scratchMask, Address(.rsp, row))
        mask = LaneMask(register: BlockEmitter.scratchMask, clears: true)
      }
      let address = frame.address(of: place, &assembler)
      assembler.vector(
        .broadcast(isDouble), register, 0, .memory(address), .bytes64, mask: mask)
    }
  }
}
