import Foundation

/// The result of one configuration of a workload: one JSON object, or one line of a table.
struct BenchRecord: Encodable {
  var workload: String
  var peer = "thalweg"
  var config: String
  var metric: String
  var value: Double
  var unit: String
  var min: Double?
  var median: Double?
  var compileMilliseconds: Double?
  var loss: Double?
  var lossRelativeError: Double?
  var gradientRelativeError: Double?
  var arenaBytes: Int?
  var peakBytes: Int?

  enum CodingKeys: String, CodingKey {
    case workload, peer, config, metric, value, unit, min, median, loss
    case compileMilliseconds = "compile_ms"
    case lossRelativeError = "loss_rel_err"
    case gradientRelativeError = "grad_rel_err"
    case arenaBytes = "arena_bytes"
    case peakBytes = "peak_bytes"
  }

  /// Prints the record in the form that was asked for.
  func print(json: Bool) throws {
    guard !json else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
      return
    }
    let name = config.padding(toLength: 44, withPad: " ", startingAt: 0)
    var line = "\(workload)  \(name) \(Self.short(value)) \(unit)"
    if let compileMilliseconds { line += "   compile \(Self.short(compileMilliseconds)) ms" }
    if let lossRelativeError { line += "   loss error \(Self.short(lossRelativeError))" }
    if let gradientRelativeError {
      line += "   gradient error \(Self.short(gradientRelativeError))"
    }
    if let arenaBytes { line += "   arena \(arenaBytes) bytes" }
    Swift.print(line)
  }

  private static func short(_ value: Double) -> String { String(format: "%10.4g", value) }
}
