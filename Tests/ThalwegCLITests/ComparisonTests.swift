import Foundation
import Testing

/// The script that measures side by side, as far as it can be run without other systems.
@Suite struct ComparisonTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let python = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").map { "\($0)/python3" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Draws the tables of results; the status and what was printed.
  private func tables(_ lines: [String]) throws -> (status: Int32, output: String, errors: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID()).jsonl")
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = [
      Self.root.appending(path: "Benchmarks/compare.py").path, "--tables", "--quick",
      "--results", file.path, "--thalweg", try #require(Self.python),
    ]
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let texts = [output, errors].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }

  private func line(
    _ peer: String, _ variant: String, _ value: Double, loss: Double = 2, run: Int = 1,
    agrees: Bool = true
  ) -> String {
    """
    {"run":"2026-01-0\(run)T00:00:00","name":"lorenz, \(peer) \(variant)","round":0,"took_s":1,\
    "workload":"W3","config":"lorenz","peer":"\(peer)","variant":"\(variant)","metric":"ms",\
    "value":\(value),"unit":"ms","others":0,"loss":\(loss),"errors":{"loss":1e-15},\
    "agrees":\(agrees)}
    """
  }

  @Test(.enabled(if: python != nil, "there is no python3"))
  func `a table has the fastest way of each system and the ratio`() throws {
    let (status, output, _) = try tables([
      line("thalweg", "RK4", 2), line("diffrax", "direct", 10), line("diffrax", "recursive", 9),
      line("jax", "scan", 1),
    ])
    #expect(status == 0)
    #expect(output.contains("| lorenz | **2** | 9 (4.50×) | 1 (0.50×) | **0.50×** |"))
    #expect(output.contains("diffrax: recursive"))
  }

  @Test(.enabled(if: python != nil, "there is no python3"))
  func `the newest run counts`() throws {
    let lines = [line("thalweg", "RK4", 2), line("jax", "scan", 1)]
    let later = [line("thalweg", "RK4", 4, run: 2)]
    #expect(try tables(lines + later).output.contains("| lorenz | **4** | 1 (0.25×) |"))
    #expect(try tables(later + lines).output.contains("| lorenz | **4** | 1 (0.25×) |"))
  }

  @Test(.enabled(if: python != nil, "there is no python3"))
  func `results that do not agree fail loudly`() throws {
    let good = line("thalweg", "RK4", 2)
    let differing = try tables([good, line("jax", "scan", 1, loss: 2.001)])
    #expect(differing.status == 1 && differing.errors.contains("DISAGREES"))
    #expect(differing.errors.contains("jax scan: loss by 5.0e-04"))
    let wrong = try tables([good, line("jax", "scan", 1, agrees: false)])
    #expect(wrong.status == 1 && wrong.errors.contains("with the reference"))
  }

  @Test(.enabled(if: python != nil, "there is no python3"))
  func `a broken line of results is named and left out`() throws {
    let outcome = try tables(["{\"run\":", line("thalweg", "RK4", 2)])
    #expect(outcome.status == 0 && outcome.errors.contains(".jsonl:1: no JSON"))
  }

  @Test func `the page has its marks once`() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/benchmarks.md"), encoding: .utf8)
    for mark in ["<!-- begin: written by make bench -->", "<!-- end: written by make bench -->"] {
      #expect(page.components(separatedBy: mark).count == 2)
    }
  }
}
