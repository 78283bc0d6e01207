import Foundation
import Testing

/// What examples say where something is wrong.
@Suite struct ExampleArgumentTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")

  private func run(_ name: String, _ arguments: String...) throws -> BuiltExample.Outcome {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try BuiltExample(name).run(arguments, in: folder)
  }

  @Test func `a flag that there is not is named`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try run("spiral", "--quikc")
    #expect(outcome.status == 1 && outcome.lines.isEmpty)
    #expect(
      outcome.errors == "spiral: there is no flag '--quikc'; there are --quick and --help\n")
    let more = try run("spiral", "a", "b", "c")
    #expect(more.status == 1 && more.errors.contains("'c' is one argument too many"))
  }

  @Test func `help says what there is`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try run("neural-cde", "--help")
    #expect(
      outcome.lines == [
        "usage: neural-cde [folder for the picture] [folder of JapaneseVowels] [--quick]"
      ])
  }

  @Test(arguments: [
    (nil, "it cannot be read"),
    ("@data\n1,2:a\n1,x:a\n", "line 3: a value is no number"),
    ("@data\n1,2:3,4,5:a\n", "line 2: channels differ in length"),
    ("@data\n1:a\n", "line 2: a series of one value"),
    ("@data\n1,2:a\n1,2:3,4:a\n", "line 3: there are 2 channels"),
    ("@data\n1,2:3,4:a\n1,2:a\n", "line 3: there are 1 channels"),
    ("@data\nnothing\n", "line 2: no channels and label"),
    ("@data\n", "there are no series behind @data"),
  ])
  func `a file that is wrong is an error with its line`(text: String?, problem: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text?.write(
      to: folder.appending(path: "JapaneseVowels_TRAIN.ts"), atomically: true, encoding: .utf8)
    let outcome = try run("neural-cde", "drawn", ".", "--quick")
    #expect(outcome.status == 1 && outcome.lines.isEmpty)
    #expect(outcome.errors.contains("./JapaneseVowels_TRAIN.ts"))
    #expect(outcome.errors.contains(problem), "\(outcome.errors)")
  }
}
