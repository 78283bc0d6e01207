import Foundation
import Testing
import ThalwegCLI
import ThalwegTraining

/// Flags of a small network on a few digits.
private let small = [
  "train", "--data", "optdigits=digits", "--channels", "2", "--steps", "2", "--batch", "16",
]

@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct TrainTests {
  private let folder: RunDirectory

  init() throws { folder = try RunDirectory() }

  private func train(_ flags: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(small + flags, in: folder.path))
  }

  @Test func `the last line of JSON is the result`() throws {
    let outcome = try train("--epochs", "2", "--seed", "3", "--json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let objects = try outcome.lines.map { try JSON(parsing: Array($0.utf8)) }
    #expect(objects.count == 4)
    #expect(objects.dropLast().map { $0["event"]?.text } == ["begin", "epoch", "epoch"])
    let result = try #require(objects.last)
    for (name, text) in [
      ("result", "train"), ("data", "optdigits"), ("network", "hamiltonian"),
      ("integrator", "verlet"), ("adjoint", "reversible"),
    ] {
      #expect(result[name]?.text == text)
    }
    for name in ["test_accuracy", "train_loss", "seconds"] {
      #expect((result[name]?.value ?? -1) >= 0)
    }
    #expect(result["epochs"]?.wholeNumber == 2)
    #expect((result["peak_bytes"]?.wholeNumber ?? 0) > 1_000_000)
    // Opening 18 + 4, block 2 × 2 × (9 + 1), classifier 10 (32 + 1)
    #expect(result["parameters"]?.wholeNumber == 392)
  }

  @Test func `people get lines without control characters off a terminal`() throws {
    let outcome = try train("--epochs", "2")
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("\u{1b}") && !outcome.output.contains("\r"))
    #expect(outcome.lines.count { $0.hasPrefix("epoch ") } == 2)
    let last = try #require(outcome.lines.last)
    #expect(last.hasPrefix("test accuracy") && last.contains("loss") && last.contains("memory"))
    #expect(outcome.output.contains("→") && outcome.output.contains("class by row"))
  }

  @Test func `a run keeps weights, settings and a log`() throws {
    _ = try train("--epochs", "2")
    let run = "\(folder.path)/runs/optdigits-hamiltonian"
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run).sorted()
        == [
          "config.yaml", "events.out.tfevents.thalweg", "log.csv", "model.safetensors",
          "weights.safetensors",
        ])
    #expect(try Checkpoint(contentsOf: "\(run)/weights.safetensors").progress.epoch == 2)
    let settings = try FlagFile(bytes: folder.bytes("runs/optdigits-hamiltonian/config.yaml"))
    #expect(settings.entries.contains(.init(name: "network", value: .word("hamiltonian"))))
    #expect(settings.entries.contains(.init(name: "steps", value: .word("2"))))
    let log = String(
      decoding: try folder.bytes("runs/optdigits-hamiltonian/log.csv"), as: UTF8.self)
    #expect(log.split(separator: "\n").count == 3)
  }

  @Test func `a configuration repeats a run, and flags change it`() throws {
    _ = try train(
      "--epochs", "2", "--output", "a", "--optimizer", "nesterov", "--schedule", "cosine", "--clip",
      "1", "--augment", "crop:1,mirror", "--standardize", "--validation", "0.25", "--seed", "9")
    for (name, flags) in [("b", []), ("c", ["--seed", "10"])] {
      let again = TrainTool.finish(
        try TrainTool.start(
          ["train", "--config", "a/config.yaml", "--output", name] + flags, in: folder.path))
      #expect(again.status == 0, "\(again.errors)")
    }
    #expect(try folder.bytes("a/config.yaml") == folder.bytes("b/config.yaml"))
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
    #expect(try folder.bytes("a/weights.safetensors") != folder.bytes("c/weights.safetensors"))
  }

  @Test(arguments: [
    ("epoch: 3", "'epoch' is no flag of thalweg train"), ("epochs: {a: 3}", "line 1: 'epochs'"),
    ("# none\n- 1", "line 2: no name of a flag"), ("epochs: 3\n{", "line 3: "),
    ("epochs: 3\nepochs: 4", "epochs more than once"), ("", "it is empty"),
    ("epochs: three", "--epochs"), ("epochs: 0", "--epochs 0"),
    ("a: &a 1\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a]", "more *"),
  ])
  func `a wrong configuration is one line and a status`(text: String, expected: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/wrong.yaml"))
    let outcome = try TrainTool.run("train", "--config", "wrong.yaml", in: folder.path)
    #expect(outcome.status == (["epochs: 0", "epochs: three"].contains(text) ? 64 : 65))
    #expect(outcome.errors.contains(expected) && outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `an earlier run is moved aside and not lost`() throws {
    for seed in 1...3 { _ = try train("--epochs", "1", "--output", "run", "--seed", "\(seed)") }
    let seeds = try ["previous-1/", "previous-2/", ""].map { place in
      try Checkpoint(contentsOf: "\(folder.path)/run/\(place)weights.safetensors").seed
    }
    #expect(seeds == [1, 2, 3])
  }

  @Test func `the same seed gives the same file, whatever the number of threads`() throws {
    for (name, threads) in [("a", "1"), ("b", "3")] {
      _ = try train("--epochs", "2", "--output", name, "--threads", threads)
    }
    #expect(
      try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
  }

  @Test(arguments: [
    ["--network", "parabolic"], ["--network", "second-order"],
    ["--network", "parabolic", "--integrator", "rk4-38", "--adjoint", "checkpointed:1"],
    ["--integrator", "symplectic-euler"], ["--network", "second-order", "--integrator", "verlet"],
  ])
  func `every kind of network is trained`(flags: [String]) throws {
    let started = try TrainTool.start(small + ["--epochs", "1"] + flags, in: folder.path)
    let outcome = TrainTool.finish(started)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}

@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct TrainErrorTests {
  @Test(
    arguments: [
      (["--steps", "0"], 64, "--steps 0 is out of range"), (["--epochs", "x"], 64, "'x'"),
      (["--batch", "-4"], 64, "batch"),
      (["--threads", "0"], 64, "--threads 0 is out of range; use 1 to 256"),
      (["--learning-rate", "0"], 64, "--learning-rate"),
      (["--learning-rate", "nan"], 64, "--learning-rate"), (["--channels", "3"], 64, "even"),
      (["--channels", "99999999"], 64, "--channels"), (["--seed", "-1"], 64, "seed"),
      (["--network", "elliptic"], 64, "hamiltonian, parabolic, second-order, resnet"),
      (["--integrator", "rk5"], 64, "euler, midpoint"), (["--adjoint", "x"], 64, "checkpointed"),
      (["--integrator", "rk4", "--adjoint", "reversible"], 64, "direct, checkpointed[:budget]"),
      (["--network", "parabolic", "--integrator", "verlet"], 64, "use one of: euler"),
      (["--schedule", "linear"], 64, "step:EPOCH=FACTOR"), (["--optimizer", "x"], 64, "nesterov"),
      (["--augment", "crop"], 64, "crop:PIXELS"), (["--clip", "0"], 64, "--clip 0.0"),
      (["--momentum", "1"], 64, "--momentum"), (["--weight-decay", "-1"], 64, "weight-decay"),
      (["--validation", "1"], 64, "--validation"), (["--patience", "3"], 64, "--validation"),
      (["--validation", "0.001"], 64, "is none; use more"),
      (["--config", "none.yaml"], 65, "none.yaml"),
      (["--config", "digits/optdigits.tra"], 65, "digits/optdigits.tra"),
      (["--data", "imagenet"], 64, "optdigits"), (["--data", "fashion-mnist"], 64, "=DIR"),
      (["--bogus"], 64, "--bogus"), (["--batch", "65"], 64, "64 examples"),
      (["--data", "optdigits=none"], 65, "none"), (["--data", "mnist=digits"], 65, "train-images"),
      (["--resume", "none"], 65, "none/weights.safetensors"),
      (["--output", "digits/optdigits.tra"], 73, "digits/optdigits.tra"),
    ] as [([String], Int32, String)])
  func `a mistake is one line and a status`(
    flags: [String], status: Int32, expected: String
  ) throws {
    let folder = try RunDirectory()
    let data =
      flags.contains("--data") || flags.contains("--resume")
      ? [] : ["--data", "optdigits=digits"]
    let outcome = TrainTool.finish(
      try TrainTool.start(["train", "--epochs", "1"] + data + flags, in: folder.path))
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("thalweg: error: "))
    #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
  }

  @Test func `help has examples`() throws {
    let folder = try RunDirectory()
    for arguments in [["--help"], ["train", "--help"]] {
      let outcome = TrainTool.finish(try TrainTool.start(arguments, in: folder.path))
      #expect(outcome.status == 0 && outcome.output.contains("EXAMPLES"))
      #expect(outcome.output.contains("thalweg train --resume"))
    }
  }
}
