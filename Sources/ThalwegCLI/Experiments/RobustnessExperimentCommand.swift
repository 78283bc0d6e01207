import ArgumentParser
import ThalwegNetworks
import ThalwegReports
import ThalwegTraining

/// `thalweg experiment robustness`: networks of equations and a plain one against perturbations.
struct RobustnessExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Train several networks alike and hold them against noise and attacks.",
    discussion: """
      The networks of equations, and a plain residual network of about as many weights, are trained \
      from the same seed in the same way: by the preset small, or paper where that is none for the data. \
      What stands behind -- are flags of thalweg train, which take precedence. Then all see \
      the same perturbed test images as with thalweg robustness. The picture and its numbers go into \
      --output.

      EXAMPLES
        thalweg experiment robustness
        thalweg experiment robustness --data fashion-mnist=DIR -- --images 10000
        thalweg experiment robustness --networks hamiltonian,resnet -- --epochs 4
      """)

  @Option(help: "The networks, with commas between them.")
  var networks = NetworkName.allCases.map(\.rawValue).joined(separator: ",")

  @Option(help: ArgumentHelp("The data, as for thalweg train.", valueName: "name[=dir]"))
  var data = "optdigits"

  @OptionGroup var perturbations: RobustnessOptions

  @Option(help: ArgumentHelp("Where the results go.", valueName: "dir"), completion: .directory)
  var output = "runs/robustness"

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(parsing: .postTerminator, help: "Flags of thalweg train.")
  var flags: [String] = []

  func validate() throws {
    if networks.listed.isEmpty { throw ValidationError("--networks names none") }
  }

  func run() throws {
    threads.apply()
    let names = try ExperimentTraining.networks(networks)
    let progress = SolveProgress("training")
    defer { progress.finish() }
    let reports = try names.enumerated().map { index, name in
      try report(of: name) { part, share in
        progress.show(
          "\(name.rawValue), \(part)", share: (Double(index) + share) / Double(names.count))
      }
    }
    progress.finish()
    let comparison = RobustnessComparison(names.map(\.rawValue), reports)
    print(json ? comparison.json : "\(comparison)")
    let drawn = try comparison.writePictures(to: output)
    try FlagFile(of: self).write(to: "\(output)/config.yaml", for: "experiment robustness")
    if !json, let picture = drawn.first { print("\ndrawn in \(picture)") }
  }

  /// Trains a network and perturbs the test images.
  private func report(
    of network: NetworkName, progress: (String, Double) -> Void
  ) throws -> RobustnessReport {
    let training = try ExperimentTraining(
      ["--data", data] + preset + flags + ["--network", network.rawValue])
    let model = try training.trained { progress("training", 0.7 * $0) }.network
    return try perturbations.report(of: model, on: training.data.test) {
      progress("perturbed images", 0.7 + 0.3 * $0)
    }
  }

  /// The preset for the data, if there is one.
  private var preset: [String] {
    let name = String(data.prefix { $0 != "=" })
    let suitable = [Preset.Name.small, .paper].first { Preset($0, for: name) != nil }
    return suitable.map { ["--preset", $0.rawValue] } ?? []
  }
}
