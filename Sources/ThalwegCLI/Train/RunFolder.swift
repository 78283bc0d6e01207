import Foundation
import ThalwegTraining

/// The folder that a run is kept in.
struct RunFolder {
  let path: String

  init(_ path: String) { self.path = path }

  /// All that it takes to go on.
  var weights: String { "\(path)/weights.safetensors" }
  /// The trained network.
  var model: String { "\(path)/model.safetensors" }
  /// The flags of the run.
  var configuration: String { "\(path)/config.yaml" }

  /// The folder of the last run that moved aside, if that was complete.
  var earlierModel: String? {
    let folders = (1...).lazy.map { RunFolder("\(path)/previous-\($0)") }
      .prefix { FileManager.default.fileExists(atPath: $0.path) }
    return Array(folders).last { FileManager.default.fileExists(atPath: $0.model) }?.path
  }

  private var files: [String] {
    [weights, model, configuration] + TrainingLog.fileNames.map { "\(path)/\($0)" }
  }

  /// Makes the folder this program's own for as long as it runs.
  ///
  /// The lock is on the folder itself and goes with the program, however that ends.
  func lock() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: path, reason: error.localizedDescription)
    }
    let folder = open(path, O_RDONLY | O_DIRECTORY)
    guard folder >= 0 else { throw FileError(path: path, reason: String(cString: strerror(errno))) }
    guard flock(folder, LOCK_EX | LOCK_NB) == 0 else {
      throw Failure(
        "\(path): another run is at work in this folder; wait for it, or choose another --output",
        status: 73)
    }
  }

  /// Makes the folder ready for a new run; a run that is there moves aside.
  ///
  /// - Returns: where the earlier run is now, if there was one.
  func prepare(_ settings: TrainSettings) throws -> String? {
    var previous: String?
    do {
      let manager = FileManager.default
      let kept = files.filter { manager.fileExists(atPath: $0) }
      if !kept.isEmpty {
        var number = 1
        while manager.fileExists(atPath: "\(path)/previous-\(number)") { number += 1 }
        let folder = "\(path)/previous-\(number)"
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for file in kept {
          try manager.moveItem(
            atPath: file, toPath: "\(folder)/\((file as NSString).lastPathComponent)")
        }
        previous = folder
      }
    } catch {
      throw FileError(path: path, reason: error.localizedDescription)
    }
    try write(settings)
    return previous
  }

  /// Writes the settings where people look for them.
  func write(_ settings: TrainSettings) throws {
    guard case .object(let members) = settings.json else { return }
    let entries = members.compactMap { member -> FlagFile.Entry? in
      switch member.value {
      case .null: nil
      case .boolean(let flag): FlagFile.Entry(name: member.name, value: .flag(flag))
      default:
        FlagFile.Entry(
          name: member.name, value: .word(member.value.text ?? "\(member.value)"))
      }
    }
    try FlagFile(entries).write(to: configuration, for: "train")
  }
}
