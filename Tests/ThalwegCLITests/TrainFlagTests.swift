import Testing
import ThalwegTraining

/// The flags of `thalweg train` that change equations and regularisation.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct TrainFlagTests {
  private let folder: RunDirectory

  init() throws { folder = try RunDirectory() }

  private func train(_ flags: [String]) throws -> TrainTool.Outcome {
    let small = [
      "train", "--data", "optdigits=digits", "--channels", "2", "--steps", "3", "--batch", "16",
      "--epochs", "2", "--json",
    ]
    return TrainTool.finish(try TrainTool.start(small + flags, in: folder.path))
  }

  private func result(_ flags: [String]) throws -> JSON {
    let outcome = try train(flags)
    #expect(outcome.status == 0, "\(flags): \(outcome.errors)")
    return try JSON(parsing: Array(try #require(outcome.lines.last).utf8))
  }

  @Test func `each flag changes what is trained`() throws {
    let plain = try result([])
    for flags in [
      ["--span", "1"], ["--weights", "linear:3"], ["--boundary", "periodic"],
      ["--activation", "tanh"], ["--normalization", "tv"], ["--normalization", "tv:provable"],
      ["--smoothness", "0.1"], ["--smoothness", "0.1", "--roughness", "h1"], ["--decay", "0.1"],
      ["--box", "0.05"],
    ] {
      let changed = try result(flags)
      #expect(changed["train_loss"] != plain["train_loss"], "\(flags)")
      #expect(changed["parameters"] == plain["parameters"], "\(flags)")
    }
    let tv = try result(["--smoothness", "0.1"])
    let h1 = try result(["--smoothness", "0.1", "--roughness", "h1"])
    #expect(tv["train_loss"] != h1["train_loss"])
  }

  @Test func `weights are as many as there are functions of time`() throws {
    // 3 steps have 3 × 2 × (9 + 1) weights.
    let plain = try #require(try result([])["parameters"]?.wholeNumber)
    for (words, sets) in [("linear:2", 2), ("legendre:4", 4), ("cosine:1", 1), ("steps", 3)] {
      let count = try result(["--weights", words])["parameters"]?.wholeNumber
      #expect(count == plain + 20 * (sets - 3), "\(words)")
    }
  }

  @Test func `flags are kept with the run, and repeat it`() throws {
    let flags = [
      "--span", "1.5", "--weights", "cosine:2", "--boundary", "periodic", "--activation",
      "softplus", "--normalization", "instance", "--smoothness", "0.01", "--roughness", "h1",
      "--decay", "0.02", "--box", "0.5", "--integrator", "rk4", "--adjoint", "direct",
      "--until-loss", "0.001", "--output", "a",
    ]
    _ = try result(flags)
    let again = try TrainTool.run(
      "train", "--config", "a/config.yaml", "--output", "b", in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.bytes("a/config.yaml") == folder.bytes("b/config.yaml"))
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
    let resumed = try TrainTool.run(
      "train", "--resume", "a", "--epochs", "3", "--boundary", "zero", in: folder.path)
    #expect(resumed.status == 64 && resumed.errors.contains("--boundary is periodic"))
  }

  @Test func `a run ends when its loss is small enough, and stays ended`() throws {
    let result = try result(["--until-loss", "100", "--output", "run"])
    #expect(result["epochs"]?.wholeNumber == 1 && result["stopped_early"] == .boolean(true))
    let longer = try TrainTool.run("train", "--resume", "run", "--epochs", "9", in: folder.path)
    #expect(longer.status == 0 && !longer.output.contains("epoch 2/9"), "\(longer.errors)")
    #expect(longer.output.contains("as small as it was to be after epoch 1"))
  }

  @Test(arguments: [
    (["--weights", "spline:3"], "steps, linear:count"), (["--weights", "linear:1"], "linear:1"),
    (["--boundary", "mirror"], "zero, periodic"), (["--activation", "x"], "relu, tanh"),
    (["--normalization", "layer"], "tv[:provable]"), (["--span", "0"], "--span 0.0"),
    (["--normalization", "group:3"], "a divisor of 1 channels"),
    (["--weights", "linear:2", "--normalization", "batch"], "no statistics of batches"),
    (["--roughness", "x"], "tv, h1"), (["--smoothness=-1"], "--smoothness -1.0"),
    (["--decay", "nan"], "--decay"), (["--box", "0"], "--box 0.0"),
    (["--until-loss", "0"], "--until-loss 0.0"),
    (["--box", "1", "--project", "0.9"], "give one of them"),
    (["--weights", "cosine:1000000000"], "1000000000 sets of weights"),
    (["--network", "antisymmetric"], "thalweg experiment points"),
  ])
  func `what is not possible is refused in words`(flags: [String], words: String) throws {
    let outcome = try train(flags)
    #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
