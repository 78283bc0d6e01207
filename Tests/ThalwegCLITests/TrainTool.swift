import Foundation
import Testing
import ThalwegTraining

/// The command line tool as it was built beside the tests.
enum TrainTool {
  /// What a run of the tool came to.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The lines of the output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// The path of the tool; nil where it has not been built.
  static let path: String? = {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return [beside.appending(path: "thalweg"), root.appending(path: ".build/release/thalweg")]
      .map(\.path).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Starts the tool in a folder, or another program.
  static func start(
    program: String? = nil, _ arguments: [String], in folder: String
  ) throws -> (Process, Pipe, Pipe) {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: try #require(program ?? path))
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  /// Waits for the tool to end.
  static func finish(_ started: (Process, Pipe, Pipe)) -> Outcome {
    let (process, output, errors) = started
    let text = [output, errors].map { pipe in
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: text[0], errors: text[1])
  }

  /// Runs the tool.
  static func run(_ arguments: String..., in folder: String) throws -> Outcome {
    finish(try start(arguments, in: folder))
  }
}

/// A folder with a few digits, which is removed with its contents.
final class RunDirectory {
  let path: String
  /// The first digits of the training set, as many again to test on.
  let count: Int

  init(digits count: Int = 64) throws {
    self.count = count
    let url = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")
    try FileManager.default.createDirectory(
      at: url.appending(path: "digits"), withIntermediateDirectories: true)
    path = url.path
    for (name, data) in [
      ("optdigits.tra", Dataset.optdigits.training), ("optdigits.tes", Dataset.optdigits.test),
    ] {
      let lines = (0..<count).map { index in
        let row = data.pixels[(64 * index)..<(64 * index + 64)] + [data.classes[index]]
        return row.map(String.init).joined(separator: ",") + "\n"
      }
      try Data(lines.joined().utf8).write(to: url.appending(path: "digits/\(name)"))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The bytes of a file.
  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }
}
