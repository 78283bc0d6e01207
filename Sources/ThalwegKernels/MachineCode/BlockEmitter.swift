/// Translates a block to machine code and finds registers for its values on the way.
///
/// Values get registers in the order of the code. Where there is none left, the value that is needed
/// last gives up its own: one that came from memory is read again, others go to the stack.
/// Constants and what is read once are operands in memory and take no register.
///
/// - Source: L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM
///   Systems Journal 5 (1966), 78–101, doi:10.1147/sj.52.0078: what is needed last goes first.
struct BlockEmitter {
  let block: VectorBlock
  let pins: PinnedRegisters
  var assembler: Assembler
  var frame: FunctionFrame

  private(set) var failure = false
  let uses: BlockUses
  /// The next instruction that reads each value.
  private var next: [Int32]
  private var registerOf: [Int8]
  private var spillOf: [Int32]
  private var holder = [Int32](repeating: -1, count: 32)
  private var free: UInt32
  var locked: UInt32 = 0
  private var freeMasks: UInt8 = 0b0111_1100
  private var freeSpills: [Int32] = []

  static let restMask: UInt8 = 1
  static let scratchMask: UInt8 = 7

  init(
    _ block: VectorBlock, pins: PinnedRegisters, _ assembler: Assembler, _ frame: FunctionFrame
  ) {
    self.block = block
    self.pins = pins
    self.assembler = assembler
    self.frame = frame
    uses = BlockUses(block, frame)
    next = uses.first
    registerOf = [Int8](repeating: -1, count: block.instructions.count)
    spillOf = [Int32](repeating: -1, count: block.instructions.count)
    free = ~pins.taken
  }

  /// Appends the block's code and returns what it was appended to.
  consuming func emit() -> (assembler: Assembler, frame: FunctionFrame, failure: Bool) {
    for index in block.instructions.indices where uses.isLive[index] {
      emit(Int32(truncatingIfNeeded: index))
    }
    return (assembler, frame, failure)
  }

  mutating func emit(_ index: Int32) {
    let instruction = block.instructions[Int(index)]
    locked = 0
    switch instruction.operation {
    case .constant, .pattern: pin(index)
    case .load: pinOrLoad(index, instruction)
    case .store: store(index, instruction)
    case .multiplyAdd, .multiplySubtract, .subtractProduct: fused(index, instruction)
    case .compare, .testBits: compare(index, instruction)
    case .keep: keep(index, instruction)
    case .shiftLeft, .shiftRight: shift(index, instruction)
    case .squareRoot, .round: unary(index, instruction)
    case .widenLow, .widenHigh, .narrow: convert(index, instruction)
    case .permuteBoth: permuteBoth(index, instruction)
    case .carried: registerOf[Int(index)] = Int8(pins.carries[Int(instruction.immediate)])
    case .carry: carry(index, instruction)
    case .accumulate: accumulate(index, instruction)
    case .select: binary(index, instruction, instruction.b, instruction.a)
    default: binary(index, instruction, instruction.a, instruction.b)
    }
  }

  // MARK: - Registers

  func isInMemory(_ value: Int32) -> Bool { uses.isInMemory[Int(value)] }
  func isInRegister(_ value: Int32) -> Bool { registerOf[Int(value)] >= 0 }
  func maskRegister(_ value: Int32) -> UInt8 { UInt8(registerOf[Int(value)]) }

  /// A mask register for a value, or for the time being.
  mutating func takeMask(for value: Int32? = nil) -> UInt8 {
    guard freeMasks != 0 else {
      failure = true
      return Self.scratchMask
    }
    let mask = UInt8(truncatingIfNeeded: freeMasks.trailingZeroBitCount)
    freeMasks &= freeMasks - 1
    if let value { registerOf[Int(value)] = Int8(mask) }
    return mask
  }

  mutating func freeMask(_ mask: UInt8) { freeMasks |= 1 << mask }

  mutating func pin(_ value: Int32) {
    if let register = pins.register(of: value, in: block) {
      registerOf[Int(value)] = Int8(register)
    }
  }

  /// A register for a new value.
  mutating func take() -> UInt8 {
    if free == 0 { evict() }
    let register = UInt8(truncatingIfNeeded: free.trailingZeroBitCount)
    free &= ~(1 << UInt32(register))
    return register
  }

  mutating func define(_ value: Int32, in register: UInt8) {
    registerOf[Int(value)] = Int8(register)
    holder[Int(register)] = value
    free &= ~(1 << UInt32(register))
  }

  mutating func evict() {
    var victim = -1
    var latest: Int32 = -1
    for register in 0..<32 where holder[register] >= 0 && locked >> UInt32(register) & 1 == 0 {
      let time = next[Int(holder[register])]
      if time > latest { (victim, latest) = (register, time) }
    }
    guard victim >= 0 else {
      failure = true
      free |= 1 << 31
      return
    }
    let value = holder[victim]
    if !uses.isInMemory[Int(value)], spillOf[Int(value)] < 0 {
      let slot = freeSpills.popLast() ?? Int32(frame.spills)
      frame.spills = max(frame.spills, Int(slot) + 1)
      spillOf[Int(value)] = slot
      assembler.vector(
        .store(true), UInt8(victim), 0, .memory(spillAddress(slot)), .bytes64)
    }
    release(UInt8(victim))
  }

  mutating func release(_ register: UInt8) {
    registerOf[Int(holder[Int(register)])] = -1
    holder[Int(register)] = -1
    free |= 1 << UInt32(register)
  }

  func spillAddress(_ slot: Int32) -> Address {
    Address(.rsp, frame.spillBase + 64 * Int(slot))
  }

  /// The register of an operand, into which it is brought if need be.
  mutating func register(_ value: Int32) -> UInt8 {
    if registerOf[Int(value)] >= 0 {
      let register = UInt8(registerOf[Int(value)])
      locked |= 1 << UInt32(register)
      return register
    }
    let register = take()
    fetch(value, into: register)
    define(value, in: register)
    locked |= 1 << UInt32(register)
    return register
  }

  /// Reads a value that is in memory.
  mutating func fetch(_ value: Int32, into register: UInt8) {
    if spillOf[Int(value)] >= 0 {
      let address = spillAddress(spillOf[Int(value)])
      return assembler.vector(.load(true), register, 0, .memory(address), .bytes64)
    }
    let instruction = block.instructions[Int(value)]
    switch instruction.operation {
    case .load: load(instruction, into: register)
    case .pattern:
      let address = patternAddress(instruction)
      assembler.vector(.load(false), register, 0, .memory(address), .bytes64)
    default:
      let isDouble = instruction.isDouble
      let address = numberAddress(instruction)
      assembler.vector(.broadcast(isDouble), register, 0, .memory(address), .bytes64)
    }
  }

  /// An operand that may be one in memory.
  mutating func source(_ value: Int32) -> VectorSource {
    let instruction = block.instructions[Int(value)]
    guard registerOf[Int(value)] < 0, uses.isFoldable[Int(value)] else {
      return .register(register(value))
    }
    if instruction.operation == .constant { return .element(numberAddress(instruction)) }
    let place = block.places[Int(instruction.immediate)]
    let address = frame.address(of: place, &assembler)
    return place.form == .element ? .element(address) : .memory(address)
  }

  mutating func numberAddress(_ instruction: VectorInstruction) -> Address {
    Address(constant: assembler.constants.place(of: block.numbers[Int(instruction.immediate)]))
  }

  mutating func patternAddress(_ instruction: VectorInstruction) -> Address {
    Address(constant: assembler.constants.place(of: block.patterns[Int(instruction.immediate)]))
  }

  /// Whether an operand is in memory alone and can be used from there.
  func folds(_ value: Int32) -> Bool {
    registerOf[Int(value)] < 0 && uses.isFoldable[Int(value)]
  }

  /// Whether nobody reads a value after an instruction, so that its register may be overwritten.
  func dies(_ value: Int32, at index: Int32) -> Bool {
    let last = uses.last[Int(value)]
    guard last == index, registerOf[Int(value)] >= 0 else { return false }
    return pins.taken >> UInt32(registerOf[Int(value)]) & 1 == 0
  }

  /// Gives back a register that was taken for the time being.
  mutating func giveBack(_ register: UInt8) { free |= 1 << UInt32(register) }

  /// Notes that an instruction has read its operands.
  mutating func retire(_ index: Int32) {
    let instruction = block.instructions[Int(index)]
    retire(instruction.a, index, uses.after[3 * Int(index)])
    retire(instruction.b, index, uses.after[3 * Int(index) + 1])
    retire(instruction.c, index, uses.after[3 * Int(index) + 2])
  }

  mutating func retire(_ value: Int32, _ index: Int32, _ nextUse: Int32) {
    guard value >= 0 else { return }
    next[Int(value)] = nextUse
    guard nextUse == BlockUses.never else { return }
    if block.instructions[Int(value)].operation.isMask {
      freeMasks |= 1 << UInt8(registerOf[Int(value)])
      return
    }
    if spillOf[Int(value)] >= 0 {
      freeSpills.append(spillOf[Int(value)])
      spillOf[Int(value)] = -1
    }
    if registerOf[Int(value)] >= 0, holder[Int(registerOf[Int(value)])] == value {
      release(UInt8(registerOf[Int(value)]))
    }
  }
}
