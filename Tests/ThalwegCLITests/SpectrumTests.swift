import Foundation
import Testing
import ThalwegLaws
import ThalwegTraining

/// Stability reports on the command line.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct SpectrumTests {
  private let folder: String = {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "thalweg-spectrum-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  private func run(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(arguments, in: folder))
  }

  @Test func `a fresh network is reported, for people and for programs`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try run(
      "spectrum", "--network", "parabolic", "--gain", "4", "--channels", "4", "--no-pictures",
      "--json")
    #expect(outcome.status == 0 && outcome.lines.count == 1)
    let json = try JSON(parsing: Array(outcome.output.utf8))
    #expect(json["stable"] == .boolean(false) && json["integrator"]?.text == "euler")
    let text = try run("spectrum", "--channels", "4", "--no-pictures")
    #expect(text.output.contains("Advice") && text.output.contains("All steps are stable"))
  }

  @Test func `a trained network is read from its folder, and projected filters are stable`() throws
  {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let trained = try run(
      "train", "--network", "parabolic", "--channels", "4", "--epochs", "1", "--project", "0.9",
      "--learning-rate", "0.05", "--output", "run", "--json")
    #expect(trained.status == 0, "\(trained.errors)")
    let outcome = try run("spectrum", "run", "--no-pictures", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSON(parsing: Array(outcome.output.utf8))
    #expect(json["stable"] == .boolean(true))
    guard case .array(let blocks)? = json["blocks"], case .array(let steps)? = blocks[0]["steps"]
    else {
      Issue.record("no blocks in \(outcome.output)")
      return
    }
    for step in steps {
      guard case .array(let norms)? = step["kernel_norms"] else { continue }
      // h = 1/2: Euler is stable to ‖K‖ = 2.
      for norm in norms { #expect((norm.value ?? 9) <= 0.9 * 2 * 1.001) }
    }
  }

  @Test func `standard problems have spectra and advice`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try run("spectrum", "robertson", "--points", "5", "--no-pictures")
    #expect(outcome.status == 0 && outcome.output.contains("Advice"), "\(outcome.errors)")
    let json = try run(
      "spectrum", "kepler-0.3", "--integrator", "verlet", "--points", "5", "--no-pictures", "--json"
    )
    #expect(try JSON(parsing: Array(json.output.utf8))["problem"]?.text == "kepler-0.3")
  }

  @Test(arguments: StandardProblem.all.map(\.name))
  func `advice on a problem knows whether it is stiff`(_ name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let problem = try #require(StandardProblem.named(name))
    let outcome = try run("spectrum", name, "--points", "8", "--no-pictures")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = outcome.output
    let use = try #require(text.split(separator: "\n").first { $0.hasPrefix("Use ") })
    let isForStiff = use.contains("Implicit") || use.contains("RKC2")
    #expect(isForStiff == problem.isStiff, "\(text)")
    if problem.isStiff {
      #expect(!text.contains("not stiff") && !text.contains("nothing is stiff"), "\(text)")
      #expect(text.contains("RadauIIA5()") && text.contains("\(name) by radau5"), "\(text)")
      #expect(text.contains("are stable everywhere"))
    } else {
      #expect(text.contains("EmbeddedRungeKutta(.tsitouras5)"), "\(text)")
      #expect(!text.contains("RadauIIA5()"))
    }
  }

  @Test func `the top of a pendulum is no reason for short steps`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["pendulum", "kepler-0.3"] {
      let outcome = try run("spectrum", name, "--no-pictures")
      #expect(outcome.output.contains("are stable everywhere"), "\(outcome.output)")
    }
  }

  @Test func `pictures have the flags beside them`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try run("spectrum", "lorenz", "--steps", "700", "--points", "4", "--output", "a")
    #expect(first.status == 0, "\(first.errors)")
    let again = try run("spectrum", "--config", "a/spectrum.yaml", "--output", "b")
    #expect(again.status == 0, "\(again.errors)")
    #expect(
      again.output.replacing("drawn in b", with: "drawn in a") == first.output,
      "\(again.output)")
  }

  @Test func `wrong subjects and flags are one line with what to do`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for arguments in [
      ["spectrum", "nowhere"], ["spectrum", "--network", "convex"], ["spectrum", "--gain", "-1"],
      ["spectrum", "lorenz", "--network", "parabolic"],
      ["spectrum", "lorenz", "--integrator", "x"],
      ["train", "--network", "hamiltonian", "--integrator", "euler", "--project", "0.9"],
      ["train", "--project", "2"],
    ] {
      let outcome = TrainTool.finish(try TrainTool.start(arguments, in: folder))
      #expect(outcome.status == 64, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }
}
