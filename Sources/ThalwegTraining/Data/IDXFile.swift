import ThalwegKernels

/// An array of bytes in the idx format, which may be compressed.
///
///     magic number 0 0 8 rank, then the lengths as big-endian 32-bit numbers, then the bytes
struct IDXFile {
  /// The lengths along the axes.
  let lengths: [Int]
  /// The elements in row-major order.
  let values: [UInt8]

  /// The longest contents that are read.
  private static let limit = 1 << 30

  init(contentsOf path: String, rank: Int) throws(DataError) {
    var bytes = try fileBytes(path)
    if path.hasSuffix(".gz") || bytes.starts(with: [0x1f, 0x8b]) {
      bytes = try Self.decompressed(bytes, path)
    }
    try self.init(bytes: bytes, rank: rank, path: path)
  }

  init(bytes: [UInt8], rank: Int, path: String) throws(DataError) {
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

  private static func decompressed(_ bytes: [UInt8], _ path: String) throws(DataError) -> [UInt8] {
    do {
      return try gunzip(bytes, limit: limit)
    } catch {
      switch error {
      case .corrupt(let offset):
        throw DataError(
          path, at: .byte(offset), found: "damaged compressed data",
          expected: "a gzip file; download it again")
      case .truncated:
        throw DataError(
          path, at: .byte(bytes.count), found: "the end of the file within compressed data",
          expected: "the rest of it; download it again")
      case .tooLong(let limit):
        throw DataError(
          path, found: "more than \(limit) bytes when decompressed", expected: "at most that")
      }
    }
  }
}
