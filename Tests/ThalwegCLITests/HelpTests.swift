import Foundation
import Testing

/// What the tool says of itself, and of words it does not know.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct HelpTests {
  private func run(_ arguments: [String]) throws -> TrainTool.Outcome {
    TrainTool.finish(
      try TrainTool.start(arguments, in: FileManager.default.temporaryDirectory.path))
  }

  /// The commands that the help of a command lists.
  private func commands(below path: [String]) throws -> [[String]] {
    let help = try run(path + ["--help"]).output
    guard let list = help.split(separator: "SUBCOMMANDS:\n").dropFirst().first else { return [] }
    let names = list.split(separator: "\n").compactMap { line in
      line.hasPrefix("  ") && !line.hasPrefix("   ") && !line.hasPrefix("  See")
        ? line.split(separator: " ").first.map(String.init) : nil
    }
    return try names.flatMap { name in
      let own = path + [name]
      return [own] + (try commands(below: own))
    }
  }

  @Test func `every command has examples, on lines of their own`() throws {
    let all = [[]] + (try commands(below: []))
    #expect(all.count == 19, "\(all)")
    for path in all {
      let outcome = try run(path + ["--help"])
      let title = (["thalweg"] + path).joined(separator: " ")
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(title)")
      let behind = outcome.output.split(separator: "EXAMPLES\n").dropFirst().first ?? ""
      let examples = behind.split(separator: "\n\n").first?.split(separator: "\n") ?? []
      #expect(!examples.isEmpty, "\(title) has no examples")
      for line in examples {
        // What is too long for a terminal of 80 columns is wrapped to the margin.
        #expect(line.hasPrefix("  ") && line.count <= 80, "\(title): \(line)")
      }
      #expect(examples.contains { $0.contains(title) }, "\(title)")
    }
  }

  @Test(arguments: [
    (["trian"], "thalweg has no command 'trian'; did you mean 'train'?"),
    (["experiment", "point"], "thalweg experiment has no command 'point'; did you mean 'points'?"),
    (["elephant"], "no command 'elephant'; known: train, predict"),
    (["solve", "lorentz"], "no problem 'lorentz'; did you mean 'lorenz'?"),
    (["solve", "lorenz", "--integrator", "rk5"], "'rk5' for lorenz; did you mean 'rk4'?"),
    (
      ["solve", "lorenz", "--integrator", "verlet"],
      "no integrator 'verlet' for lorenz, which is for equations of another form; known: rk4"
    ),
    (["spectrum", "kepler0.3"], "did you mean 'kepler-0.3'?"),
    (["train", "--network", "hamiltonean"], "not known; did you mean 'hamiltonian'?"),
    (["train", "--activation", "gelu"], "--activation gelu is not known; did you mean 'relu'?"),
    (["train", "--network", "transformer"], "transformer is not known; use one of: hamiltonian"),
    (["train", "--data", "mnist"], "--data mnist needs a folder: --data mnist=DIR"),
    (["train", "--data", "optdigts"], "not known; did you mean 'optdigits'?"),
    (["denoise", "a.png", "-o", "b.png", "--scheme", "fis"], "did you mean 'fsi'?"),
    (["experiment", "points", "swis-roll"], "did you mean 'swiss-roll'?"),
    (["train", "--steps", "-1"], "--steps -1 is out of range; use 1 to"),
    (["solve", "lorenz", "--tolerance", "-1e-3"], "--tolerance -0.001 is out of range"),
    (["help", "trian"], "thalweg has no command 'trian'"),
    (["train", "--integrater", "rk4"], "see 'thalweg train --help'"),
    (["experiment", "skips"], "see 'thalweg experiment skips --help'"),
  ])
  func `what is not known is answered by what is`(arguments: [String], words: String) throws {
    let outcome = try run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `the version is the one of the changelog`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let changelog = try String(contentsOf: root.appending(path: "CHANGELOG.md"), encoding: .utf8)
    let newest = try #require(changelog.firstMatch(of: /## \[([0-9.]+)\]/))
    #expect(try run(["--version"]).lines == [String(newest.1)])
  }
}
