import Foundation
import ThalwegTraining

/// Makes a folder for what an experiment writes, unless there is one.
func makeOutputFolder(_ path: String) throws(FileError) {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw FileError(path: path, reason: error.localizedDescription)
  }
}
