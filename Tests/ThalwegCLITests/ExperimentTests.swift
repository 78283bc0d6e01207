import Foundation
import Testing
import ThalwegCLI
import ThalwegTraining

/// `thalweg experiment points`, `images` and `robustness`.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct ExperimentTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "experiment-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func run(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(arguments, in: folder))
  }

  private func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(path)")
  }

  @Test func `ellipses are told apart, and drawn`() throws {
    let outcome = try run(
      "experiment", "points", "ellipses", "--updates", "300", "--output", "out", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try JSON(parsing: Array(try #require(outcome.lines.last).utf8))
    #expect(record["result"]?.text == "points" && record["network"]?.text == "hamiltonian")
    #expect(try #require(record["testAccuracy"]?.value) > 0.95, "\(outcome.output)")
    for ending in ["svg", "png", "csv"] { #expect(isThere("out/ellipses-hamiltonian.\(ending)")) }
  }

  @Test func `flags that are kept beside results make them again`() throws {
    let first = try run(
      "experiment", "points", "ellipses", "--updates", "5", "--rate", "0.02", "--output", "a")
    let again = try run(
      "experiment", "points", "--config", "a/ellipses-hamiltonian.yaml", "--output", "b")
    let other = try run(
      "experiment", "points", "peaks", "--config", "a/ellipses-hamiltonian.yaml", "--seed", "7",
      "--output", "c")
    for outcome in [first, again, other] { #expect(outcome.status == 0, "\(outcome.errors)") }
    for ending in ["csv", "yaml"] {
      let files = try ["a", "b"].map {
        try Data(contentsOf: URL(filePath: "\(folder)/\($0)/ellipses-hamiltonian.\(ending)"))
      }
      #expect(files[0] == files[1], "\(ending)")
    }
    let kept = try FlagFile(
      bytes: Array(Data(contentsOf: URL(filePath: "\(folder)/c/peaks-hamiltonian.yaml"))))
    for (name, word) in [("arguments", "peaks"), ("rate", "0.02"), ("seed", "7")] {
      #expect(kept.entries.contains(.init(name: name, value: .word(word))), "\(kept.entries)")
    }
    let unknown = try run("experiment", "images", "--config", "a/ellipses-hamiltonian.yaml")
    #expect(unknown.status == 65 && unknown.errors.contains("is no flag of thalweg images"))
  }

  @Test func `accuracy grows with the images`() throws {
    let outcome = try run(
      "experiment", "images", "--networks", "hamiltonian", "--counts", "100,1500", "--output",
      "out", "--json", "--", "--epochs", "3", "--channels", "16", "--batch", "32")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let records = try outcome.lines.map { try JSON(parsing: Array($0.utf8)) }
    #expect(records.compactMap { $0["images"]?.value } == [100, 1_500])
    let accuracies = records.compactMap { $0["accuracy"]?.value }
    #expect(accuracies.count == 2 && accuracies[1] > accuracies[0] + 0.1, "\(accuracies)")
    #expect(accuracies[1] > 0.7)
    #expect(isThere("out/accuracy.svg") && isThere("out/confusion.csv"))
  }

  @Test func `networks are trained alike and held against perturbations`() throws {
    let outcome = try run(
      "experiment", "robustness", "--networks", "hamiltonian,resnet", "--strength", "0",
      "--strength", "0.3", "--images", "128", "--steps", "2", "--output", "out", "--json", "--",
      "--epochs", "2", "--images", "1000", "--batch", "16")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try JSON(parsing: Array(try #require(outcome.lines.last).utf8))
    guard case .array(let networks)? = record["networks"], networks.count == 2 else {
      Issue.record("no networks in \(outcome.output)")
      return
    }
    for network in networks {
      guard case .array(let rows)? = network["accuracies"] else { continue }
      // Learnt, and worse where it is attacked.
      let accuracy = try #require(rows[0]["pgd"]?.value)
      #expect(try accuracy > 0.5 && #require(rows[1]["fgsm"]?.value) < accuracy, "\(network)")
    }
    for ending in ["svg", "png", "csv"] { #expect(isThere("out/robustness.\(ending)")) }
    let again = try run(
      "experiment", "robustness", "--config", "out/config.yaml", "--networks", "resnet", "--output",
      "again", "--json")
    #expect(again.status == 0, "\(again.errors)")
    let weaker = try run(
      "experiment", "robustness", "--config", "out/config.yaml", "--networks", "resnet",
      "--strength", "0.1", "--output", "weaker", "--json")
    #expect(weaker.status == 0, "\(weaker.errors)")
    // The strengths that are given replace those of the file.
    let flags = try String(contentsOfFile: "\(folder)/weaker/config.yaml", encoding: .utf8)
    #expect(flags.contains("0.1") && !flags.contains("0.3"), "\(flags)")
    let repeated = try JSON(parsing: Array(try #require(again.lines.last).utf8))
    guard case .array(let same)? = repeated["networks"] else { return }
    #expect(same == [networks[1]])
  }

  @Test(arguments: [
    (["robustness", "--networks", "plain"], "resnet"),
    (["robustness", "--networks", ","], "names none"),
    (["robustness", "--strength=-1"], "--strength -1.0 is out of range; use 0 or more"),
    (["robustness", "--data", "imagenet"], "--data imagenet is not known"),
    (["points", "cube"], "use one of: swiss-roll"),
    (["points", "peaks", "--steps", "0"], "--steps 0 is out of range; use 1 to"),
    (["points", "peaks", "--network", "antisymmetric", "--integrator", "verlet"], "verlet"),
    (["images", "--counts", "a,b"], "--counts 'a,b'"),
    (["images", "--networks", "plain"], "use one of: hamiltonian"),
    (["images", "--counts", "100000"], "--images 100000 is more than"),
    (["images", "--", "--epochs", "-1"], "epochs"),
  ])
  func `what makes no sense is refused in words`(arguments: [String], words: String) throws {
    let outcome = TrainTool.finish(
      try TrainTool.start(["experiment"] + arguments, in: folder))
    #expect(outcome.status != 0 && outcome.errors.contains(words), "\(outcome.errors)")
  }
}
