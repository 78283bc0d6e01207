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

  @Test func `steps follow from a tolerance`() throws {
    let outcome = try solve("robertson", "--tolerance", "1e-8", "--json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let record = try json(outcome.lines.last)
    #expect(record["integrator"]?.text == "radau5" && record["tolerance"]?.value == 1e-8)
    #expect(try #require(record["relative_error"]?.value) < 1e-8)
    #expect(try #require(record["newton_iterations"]?.value) > 100)
    #expect(record["krylov_iterations"]?.value == 0)
    let accepted = try #require(record["accepted"]?.value)
    #expect(record["steps"]?.value == accepted && accepted > 50)
    #expect(try #require(record["rejected"]?.value) < accepted)
    let sizes = [record["smallest_step"], record["largest_step"]].compactMap { $0?.value }
    #expect(sizes.count == 2 && sizes[0] > 0 && sizes[0] < sizes[1] && sizes[1] < 40)
    let output = try solve("robertson", "--tolerance", "1e-8", "--absolute", "1e-12").output
    for words in ["radau5, tolerance 1e-08", "accepted", "rejected", "Newton iterations"] {
      #expect(output.contains(words), "\(words)")
    }
  }

  @Test func `without steps a tolerance suits the problem`() throws {
    for (problem, method) in [("lorenz", "tsitouras5"), ("hires", "radau5")] {
      let record = try json(try solve(problem, "--json").lines.last)
      #expect(record["integrator"]?.text == method && record["tolerance"]?.value == 1e-6)
      #expect(try #require(record["relative_error"]?.value) < 1e-3)
    }
    // Methods that estimate no errors take steps of equal length, and so do others if told to.
    let fixed = try json(try solve("lorenz", "--integrator", "rk4", "--json").lines.last)
    #expect(fixed["steps"]?.value == 2_000 && fixed["tolerance"] == nil)
    let told = try json(
      try solve("lorenz", "--integrator", "radau5", "--steps", "500", "--json").lines.last)
    #expect(told["steps"]?.value == 500 && told["rejected"] == nil)
  }

  @Test func `work over precision is drawn`() throws {
    let path = "\(folder)/thalweg-\(UUID()).svg"
    defer {
      for end in ["", ".yaml"] { try? FileManager.default.removeItem(atPath: path + end) }
    }
    let outcome = try solve(
      "lotka-volterra", "--integrator", "heun,rk4,tsitouras5", "--plot", path, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let result = try json(outcome.lines.last)
    #expect(result["result"]?.text == "work_precision" && result["plot"]?.text == path)
    let runs = try outcome.lines.dropLast().map { try json($0) }
    #expect(result["runs"] == .array(runs))
    for method in ["heun", "rk4", "tsitouras5"] {
      let mine = runs.filter { $0["integrator"]?.text == method }
      let errors = mine.compactMap { $0["error"]?.value }
      #expect(errors.count > 4 && errors.last ?? 1 < errors[0] / 100)
      #expect(mine.allSatisfy { ($0["tolerance"] != nil) == (method == "tsitouras5") })
    }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    expectVectors(bytes)
    // The flags are kept, and serve for another method as well.
    let again = try solve("--config", path + ".yaml", "--integrator", "rk4", "--json")
    #expect(again.status == 0 && again.lines.count > 5, "\(again.errors)")
    #expect(try json(again.lines.last)["problem"]?.text == "lotka-volterra")
    #expect(try json(again.lines.first)["integrator"]?.text == "rk4")
  }

  private func expectVectors(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
    #expect(text.components(separatedBy: "<polyline").count > 10)
    for word in ["heun", "rk4", "tsitouras5", "seconds", "evaluations", "relative error"] {
      #expect(text.contains(">\(word)"), "\(word)")
    }
  }

  @Test func `wrong arguments are explained on one line`() throws {
    for (arguments, words) in [
      (["robinson"], ["'robinson'", "robertson-4e5", "kepler-0.3"]),
      (["lorenz", "--integrator", "verlet"], ["'verlet'", "lorenz", "rk4"]),
      (["lorenz", "--integrator", "rk4,heun"], ["--plot"]),
      (["lorenz", "--steps", "0"], ["--steps 0", "10000000"]),
      (["lorenz", "--plot", "a.png"], ["'a.png'", ".svg"]),
      (["lorenz", "--plot", "a.svg", "--tolerance", "1e-6"], ["--plot", "--tolerance"]),
      (["lorenz", "--tolerance", "0"], ["--tolerance 0"]),
      (["lorenz", "--absolute=-1"], ["--absolute -1"]),
      (["lorenz", "--tolerance", "1e-6", "--steps", "10"], ["--tolerance", "--steps"]),
      (["lorenz", "--tolerance", "1e-6", "--integrator", "rk4"], ["'rk4'", "tsitouras5"]),
      (["--tolerance", "1e-6"], ["--tolerance", "thalweg solve"]),
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
