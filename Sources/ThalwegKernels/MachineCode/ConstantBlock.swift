/// The constants behind the code: single elements, which instructions repeat in all lanes, and
/// patterns of whole numbers.
struct ConstantBlock {
  private(set) var bytes: [UInt8] = []
  private var numbers: [VectorBlock.Number: Int] = [:]
  private var patterns: [[Int32]: Int] = [:]

  /// The place of an element.
  mutating func place(of number: VectorBlock.Number) -> Int {
    if let place = numbers[number] { return place }
    let place = append(number.bits, size: number.isDouble ? 8 : 4)
    numbers[number] = place
    return place
  }

  /// The place of whole numbers of 32 bits, at most 16, as many bytes as a register has.
  mutating func place(of pattern: [Int32]) -> Int {
    if let place = patterns[pattern] { return place }
    while bytes.count % 64 != 0 { bytes.append(0) }
    let place = bytes.count
    for lane in pattern { _ = append(UInt64(UInt32(bitPattern: lane)), size: 4) }
    while bytes.count % 64 != 0 { bytes.append(0) }
    patterns[pattern] = place
    return place
  }

  private mutating func append(_ bits: UInt64, size: Int) -> Int {
    while bytes.count % size != 0 { bytes.append(0) }
    for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(byte)))) }
    return bytes.count - size
  }
}
