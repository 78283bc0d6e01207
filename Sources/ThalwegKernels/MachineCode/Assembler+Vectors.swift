/// How many bytes of the vector registers an instruction works on.
package enum VectorLength: UInt8 {
  case bytes16
  case bytes32
  case bytes64

  package var bytes: Int { 16 << Int(rawValue) }
}

/// The bits that tell one vector instruction from another.
package struct VectorEncoding {
  /// How much of memory an operand there covers, which is the unit of short displacements.
  package enum Extent {
    case vector
    case half
    case element
  }

  /// The opcode map: 1, 2 or 3 for 0F, 0F 38 or 0F 3A.
  package var map: UInt8
  /// 0 to 3 for none, 66, F3 or F2.
  package var prefix: UInt8
  package var isWide: Bool
  package var opcode: UInt8
  package var extent = Extent.vector

  package init(
    _ map: UInt8, _ prefix: UInt8, _ opcode: UInt8, isWide: Bool, _ extent: Extent = .vector
  ) {
    self.map = map
    self.prefix = prefix
    self.isWide = isWide
    self.opcode = opcode
    self.extent = extent
  }
}

/// The last operand of a vector instruction.
package enum VectorSource {
  case register(UInt8)
  case memory(Address)
  /// One element in memory, repeated in every lane.
  case element(Address)
  /// Elements at base + index · scale, with an index for each lane in a register.
  case gathered(Address, index: UInt8)
}

/// Which lanes an instruction writes.
package struct LaneMask {
  /// A mask register; 0 stands for all lanes.
  package var register: UInt8
  /// Whether other lanes become 0 or stay what they were.
  package var clears: Bool

  package init(register: UInt8 = 0, clears: Bool = false) {
    self.register = register
    self.clears = clears
  }

  package static let all = LaneMask()
}

extension Assembler {
  /// Appends a vector instruction in the EVEX encoding.
  ///
  /// `first` is the first source, which is 0 where the instruction has only one.
  package mutating func vector(
    _ encoding: VectorEncoding, _ target: UInt8, _ first: UInt8, _ source: VectorSource,
    _ length: VectorLength, mask: LaneMask = .all, immediate: UInt8? = nil
  ) {
    var (x, b) = (UInt8(0), UInt8(0))  // the two high bits of the last operand
    var vectorIndex: UInt8?
    var repeats = false
    var address: Address?
    switch source {
    case .register(let register): (x, b) = (register >> 4 & 1, register >> 3 & 1)
    case .memory(let place): address = place
    case .element(let place): (address, repeats) = (place, true)
    case .gathered(let place, let index): (address, vectorIndex) = (place, index)
    }
    if let address {
      x = ((vectorIndex ?? address.index?.rawValue ?? 0) >> 3) & 1
      b = ((address.base?.rawValue ?? 0) >> 3) & 1
    }
    let high = vectorIndex.map { $0 >> 4 } ?? first >> 4
    append8(0x62)
    append8(
      (~target >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | (~target >> 4 & 1) << 4
        | encoding.map)
    append8((encoding.isWide ? 0x80 : 0) | (~first & 15) << 3 | 4 | encoding.prefix)
    append8(
      (mask.clears ? 0x80 : 0) | length.rawValue << 5 | (repeats ? 0x10 : 0) | (~high & 1) << 3
        | mask.register)
    append8(encoding.opcode)
    if let address {
      let unit = unit(encoding, length, repeats)
      append(
        target, address, vectorIndex: vectorIndex, unit: unit, trailing: immediate == nil ? 0 : 1)
    } else if case .register(let register) = source {
      append8(0xC0 | (target & 7) << 3 | register & 7)
    }
    if let immediate { append8(immediate) }
  }

  private func unit(
    _ encoding: VectorEncoding, _ length: VectorLength, _ repeats: Bool
  ) -> Int {
    if repeats || encoding.extent == .element { return encoding.isWide ? 8 : 4 }
    return encoding.extent == .half ? length.bytes / 2 : length.bytes
  }

  /// Sets a mask register to the lowest 16 bits of one of the first eight general registers.
  package mutating func moveMask(_ mask: UInt8, _ source: GeneralRegister) {
    append(0xC5, 0xF8, 0x92, 0xC0 | mask << 3 | source.rawValue)
  }

  package mutating func moveMask(_ mask: UInt8, _ source: UInt8) {
    append(0xC5, 0xF8, 0x90, 0xC0 | mask << 3 | source)
  }

  /// Sets a mask register to 16 bits in memory, whose address is off one of the first eight
  /// general registers.
  package mutating func loadMask(_ mask: UInt8, _ source: Address) {
    append(0xC5, 0xF8, 0x90)
    append(mask, source)
  }

  package mutating func andMask(_ mask: UInt8, _ other: UInt8) {
    append(0xC5, 0x80 | (~mask & 15) << 3 | 4, 0x41, 0xC0 | mask << 3 | other)
  }

  /// Sets all bits of a mask register.
  package mutating func fillMask(_ mask: UInt8) {
    append(0xC5, 0x80 | (~mask & 15) << 3 | 4, 0x46, 0xC0 | mask << 3 | mask)
  }

  /// Compares a mask register with 0.
  package mutating func testMask(_ mask: UInt8) {
    append(0xC5, 0xF8, 0x98, 0xC0 | mask << 3 | mask)
  }

  /// Makes the upper halves of the vector registers zero, as code for older processors wants it.
  package mutating func clearUpperHalves() { append(0xC5, 0xF8, 0x77) }
}
