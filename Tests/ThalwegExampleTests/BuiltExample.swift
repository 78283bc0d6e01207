import Foundation
import Testing
import ThalwegTestSupport

/// An example as it was built beside the tests.
struct BuiltExample {
  let name: String

  init(_ name: String) { self.name = name }

  private var path: String? {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return [beside, root.appending(path: ".build/release")].map { $0.appending(path: name).path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Its picture in the documentation.
  var storedPicture: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/pictures/examples/\(name).svg")
  }

  /// How a run ended and what it said.
  struct Outcome {
    let status: Int32
    let errors: String
    let lines: [String]

    /// The number behind words at the beginning of a line, or the next ones behind it.
    func number(_ words: String, _ index: Int = 0) throws -> Double {
      let line = try #require(lines.first { $0.hasPrefix(words + " ") }, "\(words): \(lines)")
      let numbers = line.dropFirst(words.count).split(separator: " ").compactMap { Double($0) }
      return try #require(numbers.indices.contains(index) ? numbers[index] : nil, "\(line)")
    }
  }

  /// Runs the example in a folder.
  func run(_ arguments: [String], in folder: URL) throws -> Outcome {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: try #require(path, "\(name) was not built"))
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = [output, errors].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, errors: text[1],
      lines: text[0].split(separator: "\n").map(String.init))
  }

  /// Runs the example quickly, and expects that it succeeds and draws its picture.
  func outcome(_ data: [String] = []) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try run(["drawn"] + data + ["--quick"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(name): \(outcome.errors)")
    for ending in ["svg", "png", "csv"] {
      let file = try Data(contentsOf: folder.appending(path: "drawn/\(name).\(ending)"))
      #expect(file.count > 200, "\(name).\(ending) has \(file.count) bytes")
    }
    let drawn = try DrawnPicture(folder.appending(path: "drawn/\(name).svg"))
    let stored = try DrawnPicture(storedPicture)
    #expect(drawn.words == stored.words && drawn.colors == stored.colors, "picture of \(name)")
    return outcome
  }
}
