import ThalwegKernels

/// Files within a ZIP file, stored as they are or deflated.
///
/// Entries are found by the directory at the end. Files of 4 GiB and more, encryption and archives in
/// several parts are refused.
///
/// - Source: PKWARE, ".ZIP File Format Specification", version 6.3.
struct ZIPArchive {
  /// A file.
  struct Entry {
    let name: String
    let contents: [UInt8]
  }

  private(set) var entries: [Entry]

  /// The most that all entries may hold: a few bytes can ask for any amount of memory.
  private static let limit = 1 << 32
  private static let local: [UInt8] = [0x50, 0x4b, 3, 4]
  private static let central: [UInt8] = [0x50, 0x4b, 1, 2]
  private static let end: [UInt8] = [0x50, 0x4b, 5, 6]

  init(entries: [Entry]) { self.entries = entries }

  init(bytes: [UInt8], path: String) throws(DataError) {
    entries = []
    let reader = ZIPReader(bytes: bytes, path: path)
    // The directory's end is followed by a comment of 65535 bytes at most.
    let last = bytes.count - 22
    let first = Swift.max(0, last - 65535)
    guard last >= 0,
      let end = (first...last).reversed().first(where: { bytes[$0...].starts(with: Self.end) })
    else {
      throw reader.error(bytes.count, "no end of a directory", "a ZIP file that is whole")
    }
    var position = try reader.number(at: end + 16, 4)
    var room = Self.limit
    for _ in 0..<(try reader.number(at: end + 10, 2)) {
      try reader.expect(Self.central, at: position, "an entry of the directory")
      let entry = try reader.entry(at: position, local: Self.local, limit: room)
      room -= entry.contents.count
      entries.append(entry)
      position += 46
      for field in [28, 30, 32] { position += try reader.number(at: position - 46 + field, 2) }
    }
  }

  /// The bytes of a file, its entries stored as they are, of the first day that the format knows.
  var bytes: [UInt8] {
    func word(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var (files, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
      let name = Array(entry.name.utf8)
      let size = word(entry.contents.count, 4)
      // Version 2.0, names in UTF-8, stored, 1980-01-01.
      let common =
        word(20, 2) + word(0x800, 2) + word(0, 2) + word(0, 2) + word(0x21, 2)
        + word(Int(crc32(entry.contents)), 4) + size + size + word(name.count, 2) + word(0, 2)
      directory += Self.central + word(20, 2) + common + word(0, 2 + 2 + 2 + 4)
      directory += word(files.count, 4) + name
      files += Self.local + common + name + entry.contents
    }
    let count = word(entries.count, 2)
    return files + directory + Self.end + word(0, 4) + count + count + word(directory.count, 4)
      + word(files.count, 4) + word(0, 2)
  }
}
