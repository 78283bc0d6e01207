extension VectorInstruction {
  /// The encoding of operations that have one in both precisions, which differ by a few bits.
  package var encoding: VectorEncoding {
    switch operation {
    case .add: arithmetic(0x58)
    case .multiply: arithmetic(0x59)
    case .subtract: arithmetic(0x5C)
    case .minimum: arithmetic(0x5D)
    case .divide: arithmetic(0x5E)
    case .maximum: arithmetic(0x5F)
    case .squareRoot: arithmetic(0x51)
    case .round: VectorEncoding(3, 1, isDouble ? 0x09 : 0x08, isWide: isDouble)
    case .compare: arithmetic(0xC2)
    case .and: bitwise(0xDB)
    case .or: bitwise(0xEB)
    case .xor: bitwise(0xEF)
    case .addBits: bitwise(isDouble ? 0xD4 : 0xFE)
    case .shiftLeft, .shiftRight: bitwise(isDouble ? 0x73 : 0x72)
    case .scale: VectorEncoding(2, 1, 0x2C, isWide: isDouble)
    case .testBits: VectorEncoding(2, 1, 0x27, isWide: isDouble)
    case .select: VectorEncoding(2, 1, 0x65, isWide: isDouble)
    case .permute: VectorEncoding(2, 1, 0x16, isWide: isDouble)
    case .accumulate: VectorEncoding(2, 1, 0x3F, isWide: isDouble)
    case .permuteBoth: VectorEncoding(2, 1, 0x77, isWide: isDouble)
    case .join: VectorEncoding(3, 1, 0x03, isWide: isDouble)
    case .multiplyAdd: VectorEncoding(2, 1, 0x98, isWide: isDouble)
    case .multiplySubtract: VectorEncoding(2, 1, 0x9A, isWide: isDouble)
    case .subtractProduct: VectorEncoding(2, 1, 0x9C, isWide: isDouble)
    default: .move(isDouble)
    }
  }

  private func arithmetic(_ opcode: UInt8) -> VectorEncoding {
    VectorEncoding(1, isDouble ? 1 : 0, opcode, isWide: isDouble)
  }

  private func bitwise(_ opcode: UInt8) -> VectorEncoding {
    VectorEncoding(1, 1, opcode, isWide: isDouble)
  }
}

extension VectorEncoding {
  /// A move between registers.
  package static func move(_ isDouble: Bool) -> VectorEncoding {
    VectorEncoding(1, isDouble ? 1 : 0, 0x28, isWide: isDouble)
  }

  /// A load of neighbours in memory, and the corresponding store.
  package static func load(_ isDouble: Bool) -> VectorEncoding {
    VectorEncoding(1, isDouble ? 1 : 0, 0x10, isWide: isDouble)
  }
  package static func store(_ isDouble: Bool) -> VectorEncoding {
    VectorEncoding(1, isDouble ? 1 : 0, 0x11, isWide: isDouble)
  }

  /// A load or store of 4 or 8 bytes; the other lanes become 0.
  package static func loadElement(bytes: Int) -> VectorEncoding {
    VectorEncoding(1, bytes == 8 ? 3 : 2, 0x10, isWide: bytes == 8, .element)
  }
  package static func storeElement(bytes: Int) -> VectorEncoding {
    VectorEncoding(1, bytes == 8 ? 3 : 2, 0x11, isWide: bytes == 8, .element)
  }

  /// A load of one element into every lane.
  package static func broadcast(_ isDouble: Bool) -> VectorEncoding {
    VectorEncoding(2, 1, isDouble ? 0x19 : 0x18, isWide: isDouble, .element)
  }

  package static func gather(_ isDouble: Bool) -> VectorEncoding {
    VectorEncoding(2, 1, 0x92, isWide: isDouble, .element)
  }
  package static func scatter(_ isDouble: Bool) -> VectorEncoding {
    VectorEncoding(2, 1, 0xA2, isWide: isDouble, .element)
  }

  package static let widen = VectorEncoding(1, 0, 0x5A, isWide: false, .half)
  package static let narrow = VectorEncoding(1, 1, 0x5A, isWide: true)
  package static let upperHalf = VectorEncoding(3, 1, 0x1B, isWide: false, .half)
  package static let joinHalves = VectorEncoding(3, 1, 0x1A, isWide: false, .half)
  package static let clear = VectorEncoding(1, 1, 0xEF, isWide: false)
}
