import Foundation
import Testing
import ThalwegLaws
import ThalwegTraining

/// Standard problems on the command line.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct SolveTests {
  private let folder = FileManager.default.temporaryDirectory.path

  private func solve(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(["solve"] + arguments, in: folder))
  }

  private func json(_ line: String?) throws -> JSON {
    try JSON(parsing: Array(try #require(line).utf8))
  }

  @Test func `the result is the last line, with its errors`() throws {
    let outcome = try solve("robertson", "--integrator", "rk4", "--json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.lines.count == 1)
    let record = try json(outcome.lines.last)
    #expect(record["result"]?.text == "solve" && record["problem"]?.text == "robertson")
    #expect(record["integrator"]?.text == "rk4")
    #expect(try #require(record["relative_error"]?.value) < 1e-9)
    #expect(try #require(record["invariant_defect"]?.value) < 1e-13)
    #expect(record["evaluations"]?.value == 4 * (record["steps"]?.value ?? 0))
    #expect(try #require(record["seconds"]?.value) > 0)
    #expect(try #require(record["compile_s"]?.value) >= 0)
  }

  @Test func `all problems are listed, for people and for programs`() throws {
    let lines = try solve("--json").lines
    let records = try lines.map { try json($0) }
    #expect(records.compactMap { $0["problem"]?.text } == StandardProblem.all.map(\.name))
    #expect(records.count { $0["stiff"] == .boolean(true) } >= 19)
    let text = try solve().output
    for problem in StandardProblem.all { #expect(text.contains("\(problem.name) ")) }
  }

  @Test func `people see solution, reference and costs`() throws {
    let output = try solve("robertson", "--integrator", "rk4").output
    for words in ["relative error", "invariant kept to", "evaluations     ", "to compile"] {
      #expect(output.contains(words), "\(words)")
    }
    // A line of 256 components is shown in part.
    let line = try solve("brusselator-1d", "--integrator", "rk4").lines
    #expect(line.count < 32 && line.contains { $0.hasPrefix("v1 ") })
  }

  @Test(arguments: ["svg", "png"])
  func `work over precision is drawn`(kind: String) throws {
    let path = "\(folder)/thalweg-\(UUID()).\(kind)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let outcome = try solve("lotka-volterra", "--integrator", "heun,rk4", "--plot", path, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let result = try json(outcome.lines.last)
    #expect(result["result"]?.text == "work_precision" && result["plot"]?.text == path)
    let runs = try outcome.lines.dropLast().map { try json($0) }
    #expect(result["runs"] == .array(runs))
    for method in ["heun", "rk4"] {
      let mine = runs.filter { $0["integrator"]?.text == method }
      let errors = mine.compactMap { $0["error"]?.value }
      #expect(errors.count > 4 && errors.last ?? 1 < errors[0] / 100)
    }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    kind == "svg" ? expectVectors(bytes) : try expectPixels(path, bytes)
  }

  private func expectVectors(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
    #expect(text.components(separatedBy: "<polyline").count > 10)
    for word in ["heun", "rk4", "seconds", "evaluations", "relative error"] {
      #expect(text.contains(">\(word)"), "\(word)")
    }
  }

  /// Has a program with a decoder of its own read the picture.
  private func expectPixels(_ path: String, _ bytes: [UInt8]) throws {
    #expect(Array(bytes.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
    #expect(bytes.suffix(8).prefix(4).elementsEqual("IEND".utf8))
    guard let python = Python.path else { return }
    let script = """
      import struct, sys, zlib
      data, at, body = open(sys.argv[1], 'rb').read(), 8, b''
      while at < len(data):
          size, kind = struct.unpack('>I4s', data[at:at + 8])
          part = data[at + 8:at + 8 + size]
          assert zlib.crc32(kind + part) == struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0]
          if kind == b'IHDR': width, height = struct.unpack('>II', part[:8])
          if kind == b'IDAT': body += part
          at += 12 + size
      rows = zlib.decompress(body)
      stride = 3 * width + 1
      assert len(rows) == stride * height and all(rows[i * stride] == 2 for i in range(height))
      row, colors = bytes(3 * width), set()
      for i in range(height):
          row = bytes((a + b) & 255 for a, b in zip(row, rows[i * stride + 1:(i + 1) * stride]))
          colors |= {row[j:j + 3] for j in range(0, len(row), 3)}
      assert {b'\\xff\\xff\\xff', b'\\xcf\\x22\\x2e', b'\\x05\\x50\\xae', b'\\x24\\x29\\x2f'} <= colors
      print(width, height)
      """
    #expect(try Python.run(python, script, path) == "1800 940\n")
  }

  @Test func `wrong arguments are explained on one line`() throws {
    for (arguments, words) in [
      (["robinson"], ["'robinson'", "robertson-4e5", "kepler-0.3"]),
      (["lorenz", "--integrator", "verlet"], ["'verlet'", "lorenz", "rk4"]),
      (["lorenz", "--integrator", "rk4,heun"], ["--plot"]),
      (["lorenz", "--steps", "0"], ["--steps 0", "10000000"]),
      (["lorenz", "--plot", "a.pdf"], ["'a.pdf'", ".svg or .png"]),
      (["lorenz", "--plot", "a.svg", "--steps", "10"], ["--steps"]),
      (["--plot", "a.svg"], ["--plot", "thalweg solve"]),
      (["--integrator", "rk4"], ["--integrator", "thalweg solve"]),
    ] {
      let outcome = TrainTool.finish(try TrainTool.start(["solve"] + arguments, in: folder))
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
    }
  }

  @Test func `failures say what to do`() throws {
    let unstable = try solve("e5", "--integrator", "rk4", "--steps", "20000")
    #expect(unstable.status == 1 && unstable.errors.contains("larger stability region"))
    let nowhere = try solve(
      "lotka-volterra", "--integrator", "rk4", "--plot", "/nonexistent/a.svg")
    #expect(nowhere.status == 73 && nowhere.errors.contains("/nonexistent/a.svg"))
  }
}

/// An interpreter with a second opinion.
private enum Python {
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").map { "\($0)/python3" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static func run(_ python: String, _ script: String, _ argument: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", script, argument]
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: text, as: UTF8.self) : ""
  }
}
