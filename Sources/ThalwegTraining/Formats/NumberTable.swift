public import ThalwegTensors

/// A table of numbers from a file of comma-separated values.
///
///     let table = try NumberTable(contentsOf: "measured.csv")
///     table.names      // ["t", "prey", "predators"], empty without a first line of names
///     table.tensor     // [rows, columns], in double precision
///
/// The first line may have names. All other lines have the same number of finite numbers.
///
/// - Errors: ``DataError`` with the line, the value and what was expected.
public struct NumberTable: Sendable {
  /// The names of the columns.
  public let names: [String]
  /// The numbers by row.
  public let tensor: Tensor

  /// Reads a file.
  public init(contentsOf path: String) throws(DataError) {
    try self.init(bytes: try plainBytes(path), path: path)
  }

  /// Reads the bytes of a file.
  public init(bytes: [UInt8], path: String = "csv") throws(DataError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(path, found: "bytes that are no text", expected: "a table in UTF-8")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var (names, values): ([String], [Double]) = ([], [])
    var (rows, columns) = (0, 0)
    for (index, line) in lines.enumerated() where !(line.isEmpty && index == lines.count - 1) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
      if index == 0 {
        columns = fields.count
        if fields.contains(where: { Double($0) == nil && !$0.isEmpty }) {
          names = fields.map(String.init)
          continue
        }
      }
      guard fields.count == columns else {
        throw DataError(
          path, at: .line(index + 1), found: "\(fields.count) values",
          expected: "\(columns), as in the first line")
      }
      for (column, field) in fields.enumerated() {
        guard let value = Double(field), value.isFinite else {
          throw DataError(
            path, at: .line(index + 1),
            found: "value \(column + 1) is '\(field.prefix(20).filter { !$0.isNewline })'",
            expected: "a finite number, as 1.5e-3")
        }
        values.append(value)
      }
      rows += 1
    }
    guard rows > 0 else {
      throw DataError(path, found: "no numbers", expected: "lines of numbers with commas between")
    }
    self.names = names
    tensor = Tensor(values, shape: [rows, columns])
  }

  private static func trimmed(_ field: Substring) -> Substring {
    let space: Set<Character> = [" ", "\t", "\r"]
    var rest = field.drop { space.contains($0) }
    while let last = rest.last, space.contains(last) { rest.removeLast() }
    return rest
  }
}
