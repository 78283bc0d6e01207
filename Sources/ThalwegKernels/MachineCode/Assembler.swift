/// A general register of the processor.
package enum GeneralRegister: UInt8 {
  case rax
  case rcx
  case rdx
  case rbx
  case rsp
  case rbp
  case rsi
  case rdi
  case r8
  case r9
  case r10
  case r11
  case r12
  case r13
  case r14
  case r15
}

/// A place in memory: base + index · scale + displacement, or a constant behind the code.
package struct Address: Hashable {
  /// The register that holds the base; nil for the block of constants.
  package var base: GeneralRegister?
  package var index: GeneralRegister?
  /// 1, 2, 4 or 8.
  package var scale = 1
  package var displacement = 0

  package init(
    _ base: GeneralRegister, index: GeneralRegister? = nil, scale: Int = 1, _ displacement: Int = 0
  ) {
    self.base = base
    self.index = index
    self.scale = scale
    self.displacement = displacement
  }

  /// A place in the block of constants.
  package init(constant offset: Int) { displacement = offset }
}

/// The conditions of a jump or a conditional move, by their codes.
package enum Condition: UInt8 {
  case below = 2
  case equal = 4
  case notEqual = 5
  case less = 12
  case greaterOrEqual = 13
  case lessOrEqual = 14
  case greater = 15
}

/// Writes machine code for x86-64.
///
/// Jumps and references to constants are filled in at the end, when all places are known.
package struct Assembler {
  /// A place in the code that jumps lead to.
  package struct Label {
    fileprivate var index: Int
  }

  package private(set) var code: [UInt8] = []
  var constants = ConstantBlock()
  private var labels: [Int] = []
  private var jumps: [(place: Int, label: Int)] = []
  private var references: [(place: Int, end: Int, constant: Int)] = []

  package init() {}

  // MARK: - Labels

  package mutating func makeLabel() -> Label {
    labels.append(-1)
    return Label(index: labels.count - 1)
  }

  package mutating func bind(_ label: Label) { labels[label.index] = code.count }

  package mutating func jump(to label: Label) {
    code.append(0xE9)
    refer(to: label)
  }

  package mutating func jump(if condition: Condition, to label: Label) {
    append(0x0F, 0x80 | condition.rawValue)
    refer(to: label)
  }

  private mutating func refer(to label: Label) {
    jumps.append((code.count, label.index))
    append32(0)
  }

  /// Begins a function on a fresh line of the cache.
  package mutating func align() -> Int {
    while code.count % 64 != 0 { code.append(0x90) }
    return code.count
  }

  /// The code with all places filled in, and the constants behind it.
  package consuming func finish() -> [UInt8] {
    for jump in jumps { patch(jump.place, with: labels[jump.label] - (jump.place + 4)) }
    while code.count % 64 != 0 { code.append(0xCC) }
    for reference in references {
      patch(reference.place, with: code.count + reference.constant - reference.end)
    }
    return code + constants.bytes
  }

  mutating func patch(_ place: Int, with distance: Int) {
    let bits = UInt32(bitPattern: Int32(truncatingIfNeeded: distance))
    for byte in 0..<4 { code[place + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte)) }
  }

  // MARK: - Going back

  /// How much has been written.
  struct Mark {
    fileprivate var code: Int
    fileprivate var labels: Int
    fileprivate var jumps: Int
    fileprivate var references: Int
  }

  var mark: Mark {
    Mark(
      code: code.count, labels: labels.count, jumps: jumps.count, references: references.count)
  }

  /// Forgets what was written since; constants stay.
  mutating func reset(to mark: Mark) {
    code.removeSubrange(mark.code...)
    labels.removeSubrange(mark.labels...)
    jumps.removeSubrange(mark.jumps...)
    references.removeSubrange(mark.references...)
  }

  // MARK: - Bytes

  mutating func append(_ bytes: UInt8...) { code.append(contentsOf: bytes) }

  mutating func append8(_ byte: UInt8) { code.append(byte) }

  mutating func append32(_ value: Int) {
    let bits = UInt32(truncatingIfNeeded: value)
    code.append(UInt8(truncatingIfNeeded: bits))
    code.append(UInt8(truncatingIfNeeded: bits >> 8))
    code.append(UInt8(truncatingIfNeeded: bits >> 16))
    code.append(UInt8(truncatingIfNeeded: bits >> 24))
  }

  /// Appends the bytes that name a register and a place in memory.
  ///
  /// A short displacement counts in `unit` bytes. `trailing` bytes of the instruction follow.
  mutating func append(
    _ register: UInt8, _ address: Address, vectorIndex: UInt8? = nil, unit: Int = 1,
    trailing: Int = 0
  ) {
    let field = (register & 7) << 3
    guard let base = address.base?.rawValue else {
      code.append(field | 5)
      references.append((code.count, code.count + 4 + trailing, address.displacement))
      append32(0)
      return
    }
    let index = vectorIndex ?? address.index?.rawValue
    let displacement = address.displacement
    let isShort = displacement % unit == 0 && (-128..<128).contains(displacement / unit)
    let mode: UInt8 = displacement == 0 && base & 7 != 5 ? 0 : (isShort ? 0x40 : 0x80)
    if index != nil || base & 7 == 4 {
      let scale = UInt8(truncatingIfNeeded: address.scale.trailingZeroBitCount)
      append(mode | field | 4, scale << 6 | ((index ?? 4) & 7) << 3 | base & 7)
    } else {
      code.append(mode | field | base & 7)
    }
    if mode == 0x40 { code.append(UInt8(truncatingIfNeeded: displacement / unit)) }
    if mode == 0x80 { append32(displacement) }
  }
}
