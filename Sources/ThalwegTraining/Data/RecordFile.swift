/// Labelled images that follow one another in records of one size: the labels, then the pixels.
package struct RecordFile {
  /// What a record consists of.
  package struct Layout {
    /// The number of classes of each label, a byte each.
    package var labels: [Int]
    /// Which of the labels is the class.
    package var wanted: Int
    /// The number of bytes of an image.
    package var pixels: Int

    package init(labels: [Int], wanted: Int, pixels: Int) {
      (self.labels, self.wanted, self.pixels) = (labels, wanted, pixels)
    }

    var bytes: Int { labels.count + pixels }
  }

  /// The wanted label of each record.
  package private(set) var classes: [UInt8] = []
  /// The pixels of all records.
  package private(set) var pixels: [UInt8] = []

  /// Reads files one after the other.
  init(contentsOf paths: [String], _ layout: Layout) throws(DataError) {
    for path in paths { try append(try plainBytes(path), layout, path) }
  }

  /// Reads the bytes of a file.
  package init(bytes: [UInt8], _ layout: Layout, path: String) throws(DataError) {
    try append(bytes, layout, path)
  }

  private mutating func append(
    _ bytes: [UInt8], _ layout: Layout, _ path: String
  ) throws(DataError) {
    let count = bytes.count / layout.bytes
    guard count > 0, bytes.count % layout.bytes == 0 else {
      throw DataError(
        path, at: .byte(count * layout.bytes),
        found: "\(bytes.count % layout.bytes) bytes after \(count) images",
        expected: "records of \(layout.bytes) bytes; download it again")
    }
    pixels.reserveCapacity(pixels.count + count * layout.pixels)
    for start in stride(from: 0, to: bytes.count, by: layout.bytes) {
      for (place, limit) in layout.labels.enumerated() where bytes[start + place] >= limit {
        throw DataError(
          path, at: .byte(start + place), found: "label \(bytes[start + place])",
          expected: "a class from 0 to \(limit - 1)")
      }
      classes.append(bytes[start + layout.wanted])
      pixels += bytes[(start + layout.labels.count)..<(start + layout.bytes)]
    }
  }
}

/// The names of classes in a file that has one a line.
func classNames(_ path: String, count: Int) throws(DataError) -> [String] {
  let text = String(decoding: try fileBytes(path, limit: 1 << 20), as: UTF8.self)
  let names = text.split(whereSeparator: \.isNewline).map(String.init)
  guard names.count == count else {
    throw DataError(
      path, found: "\(names.count) names", expected: "\(count), one for each class, a line each")
  }
  return names
}
