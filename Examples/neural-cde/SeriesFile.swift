import Foundation

/// Time series with labels, from a file in the text format of the UEA archive (`.ts`).
///
/// After the line `@data` each line is a series: its channels, separated by colons, and its label; the
/// values of a channel are separated by commas.
struct SeriesFile {
  /// Series by series, its channels.
  private(set) var series: [[[Double]]] = []
  private(set) var labels: [String] = []

  init(contentsOf path: String) throws(SeriesError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SeriesError(path: path, line: nil, problem: "it cannot be read")
    }
    try self.init(String(decoding: data, as: UTF8.self), path: path)
  }

  init(_ text: String, path: String) throws(SeriesError) {
    var isData = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.trimmingCharacters(in: .whitespaces)
      guard isData else {
        isData = line.lowercased() == "@data"
        continue
      }
      if line.isEmpty { continue }
      func fault(_ problem: String) -> SeriesError {
        SeriesError(path: path, line: index + 1, problem: problem)
      }
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard let label = fields.last, fields.count > 1 else { throw fault("no channels and label") }
      var channels: [[Double]] = []
      for field in fields.dropLast() {
        let values = field.split(separator: ",").map { Double($0) }
        channels.append(values.compactMap { $0 })
        let isWhole = !values.isEmpty && values.allSatisfy { $0?.isFinite == true }
        guard isWhole else { throw fault("a value is no number") }
        guard values.count > 1 else { throw fault("a series of one value") }
        guard values.count == channels[0].count else { throw fault("channels differ in length") }
      }
      guard channels.count == series.first?.count ?? channels.count else {
        throw fault("there are \(channels.count) channels, and more or fewer before")
      }
      series.append(channels)
      labels.append(String(label))
    }
    guard !series.isEmpty else {
      throw SeriesError(path: path, line: nil, problem: "there are no series behind @data")
    }
  }
}

/// What is wrong with a file of series.
struct SeriesError: Error, CustomStringConvertible {
  let path: String
  let line: Int?
  let problem: String

  var description: String {
    "\(path)\(line.map { ", line \($0)" } ?? ""): \(problem); expected are lines"
      + " 'value,value:value,value:label' behind a line '@data'"
  }
}
