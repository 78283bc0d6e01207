/// An array of bytes in the idx format, which may be compressed.
///
///     magic number 0 0 8 rank, then the lengths as big-endian 32-bit numbers, then the bytes
package struct IDXFile {
  /// The lengths along the axes.
  package let lengths: [Int]
  /// The elements in row-major order.
  package let values: [UInt8]

  init(contentsOf path: String, rank: Int) throws(DataError) {
    try self.init(bytes: try plainBytes(path), rank: rank, path: path)
  }

  package init(bytes: [UInt8], rank: Int, path: String) throws(DataError) {
    guard bytes.count >= 4 + 4 * rank else {
      throw DataError(
        path, at: .byte(bytes.count), found: "the end of the file",
        expected: "a header of \(4 + 4 * rank) bytes")
    }
    let magic: [UInt8] = [0, 0, 8, UInt8(rank)]
    guard bytes.starts(with: magic) else {
      throw DataError(
        path, at: .byte(0), found: "\(Array(bytes.prefix(4)))",
        expected: "\(magic), which begins an idx file of \(rank) axes of bytes")
    }
    lengths = (0..<rank).map { axis in
      bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    var count = 1
    for length in lengths {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      count = overflow ? .max : product
    }
    let stored = bytes.count - 4 - 4 * rank
    guard stored == count else {
      throw DataError(
        path, at: .byte(Swift.min(4 + 4 * rank + Swift.min(count, stored), bytes.count)),
        found: "\(stored) bytes of data", expected: "\(count) for lengths \(lengths)")
    }
    values = Array(bytes.dropFirst(4 + 4 * rank))
  }
}
