import Foundation
import ThalwegTraining

/// The folder that a run is kept in.
struct RunFolder {
  let path: String

  init(_ path: String) { self.path = path }

  var weights: String { "\(path)/weights.safetensors" }
  private var configuration: String { "\(path)/config.json" }
  private var log: String { "\(path)/log.csv" }
  private static let header = "epoch,updates,loss,accuracy,seconds"

  /// Makes the folder ready for a new run; a run that is there moves aside.
  ///
  /// - Returns: where the earlier run is now, if there was one.
  func prepare(_ settings: TrainSettings) throws -> String? {
    var previous: String?
    do {
      let files = FileManager.default
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
      let kept = [weights, configuration, log].filter { files.fileExists(atPath: $0) }
      if !kept.isEmpty {
        var number = 1
        while files.fileExists(atPath: "\(path)/previous-\(number)") { number += 1 }
        let folder = "\(path)/previous-\(number)"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for file in kept {
          try files.moveItem(
            atPath: file, toPath: "\(folder)/\((file as NSString).lastPathComponent)")
        }
        previous = folder
      }
    } catch {
      throw FileError(path: path, reason: error.localizedDescription)
    }
    try write(settings)
    try write(rows: [])
    return previous
  }

  /// Writes the settings where people look for them.
  func write(_ settings: TrainSettings) throws {
    guard case .object(let members) = settings.json else { return }
    let lines = members.map { "  \(JSON.string($0.name)): \($0.value)" }
    try writeAtomically(
      Array("{\n\(lines.joined(separator: ",\n"))\n}\n".utf8), to: configuration)
  }

  /// Writes the log.
  func write(rows: [String]) throws {
    let text = ([Self.header] + rows).joined(separator: "\n") + "\n"
    try writeAtomically(Array(text.utf8), to: log)
  }

  /// The rows of the log for the epochs that are complete; those that cannot be read are left out.
  func rows(upTo epoch: Int) -> [String] {
    guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().map(String.init).filter { row in
      row.split(separator: ",").first.flatMap { Int($0) }.map { $0 <= epoch } ?? false
    }
  }
}
