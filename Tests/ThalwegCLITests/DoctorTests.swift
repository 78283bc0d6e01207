import Foundation
import Testing
import ThalwegTraining

@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct DoctorTests {
  private func doctor(_ environment: String, _ flags: String = "") throws -> TrainTool.Outcome {
    let tool = try #require(TrainTool.path)
    return TrainTool.finish(
      try TrainTool.start(
        program: "/bin/sh", ["-c", "\(environment) '\(tool)' doctor \(flags)"],
        in: FileManager.default.temporaryDirectory.path))
  }

  @Test func `what is found is said, to people and to programs`() throws {
    let text = try doctor("")
    #expect(text.status == 0 && text.errors.isEmpty && !text.output.contains("\u{1b}"))
    for word in ["processor", "kernels", "OpenBLAS", "threads", "memory", "gnuplot"] {
      #expect(text.output.contains("\(word) "))
    }
    let lines = try doctor("", "--json").lines
    let report = try JSON(parsing: Array(try #require(lines.last).utf8))
    #expect(lines.count == 1 && report["result"]?.text == "doctor")
    #expect(["avx512", "avx2", "portable"].contains(report["kernels"]?.text))
    #expect(report["openblas"]?.text?.hasPrefix("OpenBLAS") == true)
    #expect((report["processors"]?.wholeNumber ?? 0) > 0)
    #expect((report["memory_bytes"]?.wholeNumber ?? 0) > 1 << 20)
  }

  @Test(arguments: [
    ("OPENBLAS_CORETYPE=Haswell", "OPENBLAS_CORETYPE is Haswell"),
    ("THALWEG_THREADS=many", "THALWEG_THREADS is 'many', no number"),
    ("THALWEG_THREADS=99", "99 threads for"), ("THALWEG_MACHINE_CODE=off", "are interpreted"),
    ("PATH=", "there is no gnuplot"),
  ])
  func `what makes it slow is a warning`(environment: String, warning: String) throws {
    let outcome = try doctor(environment)
    #expect(outcome.status == 0 && outcome.output.contains(warning), "\(outcome.output)")
  }

  @Test func `the tool writes no colours, with NO_COLOR or without`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let sources = root.appending(path: "Sources/ThalwegCLI").path
    let names = try #require(FileManager.default.subpaths(atPath: sources))
    for name in names where name.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(sources)/\(name)", encoding: .utf8).lowercased()
      // Sequences that erase a line end in K; those of colours end in m.
      #expect(text.firstMatch(of: /u\{1b\}\[[0-9;]*m/) == nil, "\(name)")
    }
  }
}
