import ArgumentParser
import ThalwegDiffusion
import ThalwegNetworks
import ThalwegReports
import ThalwegTensors
import ThalwegTraining

/// An error as the command line reports it: one line, and the status the program ends with.
struct Failure: Error {
  let message: String
  let status: Int32

  init(_ message: String, status: Int32) {
    self.message = message
    self.status = status
  }

  /// A wrong flag or value.
  static func usage(_ message: String) -> Failure { Failure(message, status: 64) }

  /// How an error that the library throws is reported; nil for those of the argument parser.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case DiffusionError.unstableStep: self.init("\(error) by --unstable", status: 64)
    case is NetworkError, is DiffusionError: self.init("\(error)", status: 64)
    case TrainingError.batchSize: self.init("\(error)", status: 64)
    case is ONNXError: self.init("\(error)", status: 64)
    case is DataError, is SafetensorsError, is CheckpointError: self.init("\(error)", status: 65)
    case PictureError.noGnuplot: self.init("\(error)", status: 69)
    case is FileError: self.init("\(error)", status: 73)
    case is ExitCode, is CleanExit, is ValidationError: return nil
    default:
      // The parser wraps its own errors; they alone have other codes than plain failure.
      guard Thalweg.exitCode(for: error) == .failure else { return nil }
      self.init("\(error)".replacing("\n", with: " "), status: 1)
    }
  }
}
