/// Compression of bytes that repeat: runs become one code, all codes being the fixed ones.
enum Deflate {
  /// The longest run that one code stands for.
  private static let longestRun = 258

  /// Bytes in the format of zlib.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var bits = Bits()
    bits.append(0b011, count: 3)  // the only block, with fixed codes
    var index = 0
    while index < bytes.count {
      let run = runLength(bytes, at: index)
      if run >= 3 {
        bits.appendRun(run)
        index += run
      } else {
        bits.appendCode(Int(bytes[index]))
        index += 1
      }
    }
    bits.appendCode(256)
    return [0x78, 0x01] + bits.finished + checksum(bytes)
  }

  /// How often the byte before an index is repeated from there on.
  private static func runLength(_ bytes: [UInt8], at index: Int) -> Int {
    guard index > 0 else { return 0 }
    let limit = Swift.min(bytes.count, index + longestRun)
    var end = index
    while end < limit, bytes[end] == bytes[index - 1] { end += 1 }
    return end - index
  }

  /// Adler's checksum, most significant byte first.
  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return [b >> 8, b & 255, a >> 8, a & 255].map { UInt8($0) }
  }
}

/// Bits in the order of the format: bytes are filled from the least significant bit on.
private struct Bits {
  private var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var count = 0

  /// The bytes, the last one filled up with zeros.
  var finished: [UInt8] { count == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending)] }

  /// Appends a number, its least significant bit first.
  mutating func append(_ value: Int, count bits: Int) {
    pending |= UInt64(value) << UInt64(count)
    count += bits
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  /// Appends the fixed code of a byte, of the end, or of a length.
  mutating func appendCode(_ symbol: Int) {
    let (code, length) =
      switch symbol {
      case 0..<144: (0x30 + symbol, 8)
      case 144..<256: (0x190 + symbol - 144, 9)
      case 256..<280: (symbol - 256, 7)
      default: (0xC0 + symbol - 280, 8)
      }
    // Codes go the other way round than numbers.
    for bit in (0..<length).reversed() { append(code >> bit & 1, count: 1) }
  }

  /// Appends the repetition of the byte before.
  mutating func appendRun(_ length: Int) {
    let index = Self.lengths.lastIndex { $0.base <= length } ?? 0
    appendCode(257 + index)
    append(length - Self.lengths[index].base, count: Self.lengths[index].extra)
    append(0, count: 5)  // from one byte before
  }

  /// The least length of each code from 257 on, and the bits that tell the others apart.
  private static let lengths: [(base: Int, extra: Int)] = {
    var base = 3
    var table: [(base: Int, extra: Int)] = []
    for code in 0..<28 {
      let extra = code < 8 ? 0 : code / 4 - 1
      table.append((base, extra))
      base += 1 << extra
    }
    return table + [(258, 0)]
  }()
}
