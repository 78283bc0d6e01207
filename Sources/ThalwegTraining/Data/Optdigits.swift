extension Dataset {
  /// The handwritten digits that come with the library: 3,823 and 1,397 images of 8 × 8 pixels.
  ///
  /// - Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
  ///   Learning Repository, 1998, doi:10.24432/C50P49, licensed CC BY 4.0.
  public static let optdigits = DataSplit(
    name: "optdigits", training: optdigits(rows: OptdigitsTraining.rows),
    test: optdigits(rows: OptdigitsTest.rows))

  /// Digits from rows of 64 letters 'a'...'q' and the digit.
  private static func optdigits(rows: String) -> Dataset {
    let lines = rows.utf8.split(separator: UInt8(ascii: "\n"))
    var (pixels, classes): ([UInt8], [UInt8]) = ([], [])
    for line in lines {
      pixels += line.prefix(64).map { $0 - UInt8(ascii: "a") }
      classes += line.suffix(1).map { $0 - UInt8(ascii: "0") }
    }
    return digits(pixels, classes)
  }

  private static func digits(_ pixels: [UInt8], _ classes: [UInt8]) -> Dataset {
    Dataset(
      pixels: pixels, classes: classes, height: 8, width: 8, classCount: 10, maximum: 16)
  }

  /// The digits in the files of the repository: `optdigits.tra` and `optdigits.tes` in a folder.
  ///
  /// Each line has 64 pixels from 0 to 16 and the digit, separated by commas. Where there is no
  /// `optdigits.tes`, a file whose name begins with `optdigits-test` is taken.
  public static func optdigits(in folder: String) throws(DataError) -> DataSplit {
    let training = try findFile(in: folder, named: "optdigits.tra") { $0 == "optdigits.tra" }
    let test = try findFile(in: folder, named: "optdigits.tes") { name in
      name == "optdigits.tes" || name.hasPrefix("optdigits-test")
    }
    return DataSplit(
      name: "optdigits", training: try optdigits(contentsOf: training),
      test: try optdigits(contentsOf: test))
  }

  /// The digits in a file of comma-separated values.
  public static func optdigits(contentsOf path: String) throws(DataError) -> Dataset {
    try optdigits(bytes: try fileBytes(path), path: path)
  }

  /// The digits in the bytes of such a file.
  package static func optdigits(bytes: [UInt8], path: String) throws(DataError) -> Dataset {
    var (pixels, classes): ([UInt8], [UInt8]) = ([], [])
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty, index == lines.count - 1 { break }
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      guard fields.count == 65 else {
        throw DataError(
          path, at: .line(index + 1), found: "\(line.isEmpty ? 0 : fields.count) values",
          expected: "65, separated by commas: 64 pixels and the digit")
      }
      for (column, field) in fields.enumerated() {
        let limit = column < 64 ? 16 : 9
        guard let value = UInt8(asciiDigits: field), value <= limit else {
          throw DataError(
            path, at: .line(index + 1), found: "value \(column + 1) is '\(shown(field))'",
            expected: "a whole number from 0 to \(limit)")
        }
        if column < 64 { pixels.append(value) } else { classes.append(value) }
      }
    }
    guard !classes.isEmpty else {
      throw DataError(path, found: "no examples", expected: "lines of 65 values")
    }
    return digits(pixels, classes)
  }
}

/// Bytes of a file as they can be put into a message.
private func shown(_ field: ArraySlice<UInt8>) -> String {
  let text = field.prefix(12).map { 32 <= $0 && $0 < 127 ? Character(UnicodeScalar($0)) : "?" }
  return String(text) + (field.count > 12 ? "..." : "")
}

extension UInt8 {
  /// A number in decimal digits, without sign; nil where it is none or above 255.
  fileprivate init?(asciiDigits field: ArraySlice<UInt8>) {
    let trimmed = field.drop { $0 == UInt8(ascii: " ") }
    guard !trimmed.isEmpty, trimmed.count <= 3 else { return nil }
    var value = 0
    for byte in trimmed {
      guard byte >= 48, byte <= 57 else { return nil }
      value = 10 * value + Int(byte - 48)
    }
    self.init(exactly: value)
  }
}
