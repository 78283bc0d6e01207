import Foundation
import Testing
import ThalwegTraining

/// `thalweg train --network resnet`, and what can be done with the run.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct ResidualRunTests {
  private let folder: RunDirectory

  init() throws { folder = try RunDirectory() }

  private func thalweg(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(arguments, in: folder.path))
  }

  private func train(_ network: String, _ flags: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(
      try TrainTool.start(
        [
          "train", "--data", "optdigits=digits", "--preset", "small", "--network", network,
          "--batch", "16", "--schedule", "constant", "--json",
        ] + flags, in: folder.path))
  }

  @Test func `it has about as many weights as the others, and goes on to the same bits`() throws {
    let whole = try train("resnet", "--epochs", "3", "--output", "whole")
    #expect(whole.status == 0, "\(whole.errors)")
    let result = try JSON(parsing: Array(try #require(whole.lines.last).utf8))
    // As docs/networks.md counts them.
    #expect(result["parameters"]?.wholeNumber == 38_178)
    #expect(result["integrator"] == .null && result["network"]?.text == "resnet")
    #expect(try train("resnet", "--epochs", "1", "--output", "part").status == 0)
    let longer = try thalweg("train", "--resume", "part", "--epochs", "3")
    #expect(longer.status == 0, "\(longer.errors)")
    #expect(longer.output.contains("3 residual layers in a block"))
    #expect(try folder.bytes("whole/model.safetensors").count > 100_000)
    let losses = try ["whole", "part"].map { name in
      let lines = try String(decoding: folder.bytes("\(name)/log.csv"), as: UTF8.self)
      return lines.split(separator: "\n").map { $0.split(separator: ",").prefix(3) }
    }
    #expect(losses[0] == losses[1] && losses[0].count == 4)
  }

  @Test func `it predicts, is exported, and is held against perturbations beside others`() throws {
    for network in ["resnet", "parabolic"] {
      #expect(try train(network, "--epochs", "1", "--output", network).status == 0)
    }
    let prediction = try thalweg("predict", "resnet", "--index", "0", "--json")
    #expect(prediction.status == 0 && prediction.output.contains("probabilities"))
    let export = try thalweg("export", "resnet", "--json")
    #expect(export.status == 0, "\(export.errors)")
    let held = try thalweg(
      "robustness", "resnet", "parabolic", "--strength", "0", "--strength", "0.5", "--images", "16",
      "--steps", "2", "--output", "held", "--json")
    #expect(held.status == 0, "\(held.errors)")
    let report = try JSON(parsing: Array(held.output.utf8.dropLast()))
    guard case .array(let networks)? = report["networks"] else { throw JSONShape() }
    #expect(networks.map { $0["name"]?.text } == ["resnet", "parabolic"])
    for (network, name) in zip(networks, ["resnet", "parabolic"]) {
      // The same as alone.
      let alone = try thalweg(
        "robustness", name, "--strength", "0", "--strength", "0.5", "--images", "16", "--steps",
        "2", "--no-pictures", "--json")
      let own = try JSON(parsing: Array(alone.output.utf8.dropLast()))
      #expect(network["accuracies"] == own["accuracies"] && own["accuracies"] != nil)
    }
    let table = String(decoding: try folder.bytes("held/robustness.csv"), as: UTF8.self)
    #expect(table.hasPrefix("strength,resnet: noise,resnet: fgsm,resnet: pgd,parabolic: noise"))
    #expect(try folder.bytes("held/robustness.svg").count > 1_000)
    let text = try thalweg(
      "robustness", "resnet", "parabolic", "--strength", "0", "--images", "8", "--no-pictures")
    #expect(text.lines.filter { $0.contains("parabolic") }.count == 3, "\(text.output)")
  }

  @Test func `what is for equations is refused in words`() throws {
    for (flags, words) in [
      (["--integrator", "euler"], "--integrator is for networks of equations"),
      (["--weights", "linear:2"], "--weights"), (["--project", "0.9"], "--project"),
      (["--smoothness", "1"], "--smoothness"), (["--adjoint", "direct"], "--adjoint"),
    ] {
      let outcome = TrainTool.finish(
        try TrainTool.start(["train", "--network", "resnet"] + flags, in: folder.path))
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    #expect(try train("resnet", "--epochs", "1", "--output", "run").status == 0)
    let spectrum = try thalweg("spectrum", "run")
    #expect(spectrum.status == 64 && spectrum.errors.contains("is a resnet"))
  }
}

/// The output has another shape than it should.
private struct JSONShape: Error {}
