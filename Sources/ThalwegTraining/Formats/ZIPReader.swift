import ThalwegKernels

/// The bytes of a ZIP file, read with care.
struct ZIPReader {
  let bytes: [UInt8]
  let path: String

  func error(_ offset: Int, _ found: String, _ expected: String) -> DataError {
    DataError(path, at: .byte(offset), found: found, expected: expected)
  }

  /// A little-endian number.
  func number(at offset: Int, _ count: Int) throws(DataError) -> Int {
    guard offset >= 0, offset <= bytes.count - count else {
      throw error(Swift.min(offset, bytes.count), "the end of the file", "a ZIP file that is whole")
    }
    return bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  func expect(_ signature: [UInt8], at offset: Int, _ what: String) throws(DataError) {
    guard offset >= 0, offset <= bytes.count, bytes[offset...].starts(with: signature) else {
      throw error(Swift.min(offset, bytes.count), "something else", what)
    }
  }

  /// The file of an entry of the directory.
  func entry(
    at position: Int, local: [UInt8], limit: Int
  ) throws(DataError) -> ZIPArchive.Entry {
    let (flags, method) = (try number(at: position + 8, 2), try number(at: position + 10, 2))
    let checksum = try number(at: position + 16, 4)
    let (stored, size) = (try number(at: position + 20, 4), try number(at: position + 24, 4))
    let nameLength = try number(at: position + 28, 2)
    let header = try number(at: position + 42, 4)
    guard flags & 1 == 0, method == 0 || method == 8, stored != 0xffff_ffff, size <= limit else {
      throw error(
        position + 8, "method \(method), flags \(flags), \(size) bytes",
        "an entry stored or deflated, not encrypted, below 4 GiB")
    }
    guard position + 46 + nameLength <= bytes.count else {
      throw error(bytes.count, "the end of the file", "the name of an entry")
    }
    let name = String(
      decoding: bytes[(position + 46)..<(position + 46 + nameLength)], as: UTF8.self)
    try expect(local, at: header, "the beginning of the entry '\(name)'")
    let (nameSize, extraSize) = (try number(at: header + 26, 2), try number(at: header + 28, 2))
    let start = header + 30 + nameSize + extraSize
    guard start + stored <= bytes.count else {
      throw error(bytes.count, "the end of the file", "\(stored) bytes of the entry '\(name)'")
    }
    let raw = Array(bytes[start..<(start + stored)])
    let contents = method == 0 ? raw : try inflated(raw, size, name, start)
    guard contents.count == size, Int(crc32(contents)) == checksum else {
      throw error(start, "damaged data", "the \(size) bytes of the entry '\(name)'")
    }
    return ZIPArchive.Entry(name: name, contents: contents)
  }

  private func inflated(
    _ raw: [UInt8], _ size: Int, _ name: String, _ start: Int
  ) throws(DataError) -> [UInt8] {
    do {
      return try inflate(raw, limit: size)
    } catch {
      throw self.error(
        start, "damaged compressed data", "the \(size) bytes of the entry '\(name)'")
    }
  }
}
