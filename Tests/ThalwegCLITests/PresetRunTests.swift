import Testing
import ThalwegTraining

/// `thalweg train --preset`.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct PresetRunTests {
  private let folder: RunDirectory

  init() throws { folder = try RunDirectory() }

  private func train(_ flags: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(
      try TrainTool.start(["train", "--data", "optdigits=digits"] + flags, in: folder.path))
  }

  @Test func `a preset says what flags do not, and goes on with the same`() throws {
    let outcome = try train("--preset", "small", "--epochs", "1", "--batch", "16", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let objects = try outcome.lines.map { try JSON(parsing: Array($0.utf8)) }
    let settings = try #require(objects[0]["settings"])
    #expect(settings["preset"]?.text == "small")
    #expect(settings["integrator"]?.text == "symplectic-euler")
    #expect(settings["optimizer"]?.text == "sgd" && settings["learning-rate"]?.value == 0.1)
    // As docs/networks.md counts them.
    #expect(objects.last?["parameters"]?.wholeNumber == 21_146)
    let longer = try train(
      "--resume", "runs/optdigits-hamiltonian", "--epochs", "2", "--json")
    #expect(longer.status == 0, "\(longer.errors)")
  }

  @Test func `what does not fit a preset is said`() throws {
    for (flags, words) in [
      (["--preset", "paper"], "cifar10"), (["--preset", "big"], "paper, journal, small"),
      (["--preset", "small", "--channels", "3"], "16"),
    ] {
      let outcome = TrainTool.finish(
        try TrainTool.start(["train", "--data", "optdigits"] + flags, in: folder.path))
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
