import ThalwegTraining

/// Columns of numbers as a file of values with commas between them.
struct Table {
  private let header: [String]
  private var rows: [[Double?]] = []

  init(_ header: [String]) { self.header = header }

  /// Adds a row; what is unknown stays empty.
  mutating func add(_ row: [Double?]) { rows.append(row) }

  var isEmpty: Bool { rows.isEmpty }

  /// The file.
  var text: String {
    let lines = rows.map { row in
      row.map { $0.map { $0.isFinite ? "\($0)" : "" } ?? "" }.joined(separator: ",")
    }
    return ([header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  func write(to path: String) throws { try writeAtomically(Array(text.utf8), to: path) }
}
