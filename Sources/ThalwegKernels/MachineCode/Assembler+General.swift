/// The instructions on general registers. Numbers have 64 bits unless said otherwise.
extension Assembler {
  /// Moves between registers.
  package mutating func move(_ target: GeneralRegister, _ source: GeneralRegister) {
    guard target != source else { return }
    general(0x89, source.rawValue, target)
  }

  /// Sets a register to a number.
  package mutating func move(_ target: GeneralRegister, immediate: Int) {
    if immediate == 0 {
      general(0x31, target.rawValue, target, isWide: false)
    } else if let bits = UInt32(exactly: immediate) {
      prefix(0, target.rawValue, isWide: false)
      append8(0xB8 | target.rawValue & 7)
      append32(Int(bits))
    } else {
      prefix(0, target.rawValue, isWide: true)
      append8(0xB8 | target.rawValue & 7)
      append32(immediate)
      append32(immediate >> 32)
    }
  }

  package mutating func load(_ target: GeneralRegister, _ source: Address) {
    general(0x8B, target.rawValue, source)
  }

  package mutating func store(_ target: Address, _ source: GeneralRegister) {
    general(0x89, source.rawValue, target)
  }

  package mutating func store(_ target: Address, immediate: Int) {
    general(0xC7, 0, target, trailing: 4)
    append32(immediate)
  }

  /// Stores the lower 32 bits of a register.
  package mutating func storeHalf(_ target: Address, _ source: GeneralRegister) {
    general(0x89, source.rawValue, target, isWide: false)
  }

  /// Compares 32 bits in memory with a small number.
  package mutating func compareHalf(_ target: Address, immediate: Int8) {
    general(0x83, 7, target, isWide: false, trailing: 1)
    append8(UInt8(bitPattern: immediate))
  }

  package mutating func loadAddress(_ target: GeneralRegister, _ source: Address) {
    general(0x8D, target.rawValue, source)
  }

  package mutating func add(_ target: GeneralRegister, _ source: GeneralRegister) {
    general(0x01, source.rawValue, target)
  }

  package mutating func add(_ target: GeneralRegister, _ source: Address) {
    general(0x03, target.rawValue, source)
  }

  package mutating func subtract(_ target: GeneralRegister, _ source: GeneralRegister) {
    general(0x29, source.rawValue, target)
  }

  package mutating func add(_ target: GeneralRegister, immediate: Int) {
    if immediate != 0 { arithmetic(0, target, immediate) }
  }

  package mutating func and(_ target: GeneralRegister, immediate: Int) {
    arithmetic(4, target, immediate)
  }

  package mutating func and(_ target: GeneralRegister, _ source: Address) {
    general(0x23, target.rawValue, source)
  }

  package mutating func compare(_ target: GeneralRegister, immediate: Int) {
    arithmetic(7, target, immediate)
  }

  package mutating func add(_ target: Address, immediate: Int) {
    general(0x81, 0, target, trailing: 4)
    append32(immediate)
  }

  package mutating func compare(_ a: GeneralRegister, _ b: GeneralRegister) {
    general(0x39, b.rawValue, a)
  }

  package mutating func compare(_ a: GeneralRegister, _ b: Address) { general(0x3B, a.rawValue, b) }

  package mutating func multiply(
    _ target: GeneralRegister, _ source: GeneralRegister, immediate: Int
  ) {
    general(0x69, target.rawValue, source)
    append32(immediate)
  }

  package mutating func multiply(_ target: GeneralRegister, _ source: GeneralRegister) {
    general(0xAF, target.rawValue, source, escape: true)
  }

  package mutating func shiftRight(_ target: GeneralRegister, by count: Int) {
    general(0xC1, 5, target)
    append8(UInt8(truncatingIfNeeded: count))
  }

  package mutating func move(
    _ target: GeneralRegister, _ source: GeneralRegister, if condition: Condition
  ) {
    general(0x40 | condition.rawValue, target.rawValue, source, escape: true)
  }

  /// Keeps the lowest `count` bits of a register, all where the count is 64 or more.
  package mutating func keepLow(
    _ target: GeneralRegister, _ source: GeneralRegister, count: GeneralRegister
  ) {
    let (t, s) = (target.rawValue, source.rawValue)
    append(
      0xC4, (t < 8 ? 0x80 : 0) | 0x40 | (s < 8 ? 0x20 : 0) | 2, 0x80 | (~count.rawValue & 15) << 3,
      0xF5, 0xC0 | (t & 7) << 3 | s & 7)
  }

  package mutating func push(_ register: GeneralRegister) {
    if register.rawValue >= 8 { append8(0x41) }
    append8(0x50 | register.rawValue & 7)
  }

  package mutating func pop(_ register: GeneralRegister) {
    if register.rawValue >= 8 { append8(0x41) }
    append8(0x58 | register.rawValue & 7)
  }

  /// Reserves stack in whole lines of the cache and returns where its size goes.
  package mutating func reserveStack() -> Int {
    append(0x48, 0x81, 0xEC)
    append32(0)
    and(.rsp, immediate: -64)
    return code.count - 8
  }

  package mutating func patchStack(_ place: Int, bytes: Int) { patch(place, with: bytes) }

  /// -1 where a comparison that was just made found less without signs, and 0 elsewhere.
  package mutating func fillIfBelow(_ target: GeneralRegister) {
    general(0x19, target.rawValue, target)
  }

  package mutating func jump(to address: Address) { general(0xFF, 4, address, isWide: false) }

  package mutating func returnToCaller() { append8(0xC3) }

  // MARK: - Encoding

  private mutating func arithmetic(_ field: UInt8, _ target: GeneralRegister, _ immediate: Int) {
    if (-128..<128).contains(immediate) {
      general(0x83, field, target)
      append8(UInt8(truncatingIfNeeded: immediate))
    } else {
      general(0x81, field, target)
      append32(immediate)
    }
  }

  private mutating func prefix(_ register: UInt8, _ other: UInt8, index: UInt8 = 0, isWide: Bool) {
    let bits =
      (isWide ? 8 : 0) | (register & 8) >> 1 | (index & 8) >> 2 | (other & 8) >> 3 as UInt8
    if bits != 0 { append8(0x40 | bits) }
  }

  private mutating func general(
    _ opcode: UInt8, _ register: UInt8, _ other: GeneralRegister, isWide: Bool = true,
    escape: Bool = false
  ) {
    prefix(register, other.rawValue, isWide: isWide)
    if escape { append8(0x0F) }
    append(opcode, 0xC0 | (register & 7) << 3 | other.rawValue & 7)
  }

  private mutating func general(
    _ opcode: UInt8, _ register: UInt8, _ address: Address, isWide: Bool = true, trailing: Int = 0
  ) {
    prefix(
      register, address.base?.rawValue ?? 0, index: address.index?.rawValue ?? 0, isWide: isWide)
    append8(opcode)
    append(register, address, trailing: trailing)
  }
}
