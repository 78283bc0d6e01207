import ArgumentParser
import Foundation
import ThalwegReports
import ThalwegTraining

/// `thalweg robustness`: the accuracy of trained networks on perturbed images.
struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Measure how well trained networks hold against noise and attacks.",
    discussion: """
      Test images are perturbed by normal noise, by a step along the sign of the gradient of the loss \
      (fgsm), and by several shorter such steps (pgd). Strengths are shares of the brightest pixel, \
      or of the deviation of an image where images are standardised. Several runs on the same data are \
      shown side by side; 'thalweg experiment robustness' trains them as well.

      EXAMPLES
        thalweg robustness runs/optdigits-hamiltonian
        thalweg robustness runs/cifar10-parabolic --strength 0 --strength 0.1 --json
        thalweg robustness runs/optdigits-hamiltonian runs/optdigits-resnet
      """)

  @Argument(
    help: ArgumentHelp(
      "Folders of thalweg train, or a model.safetensors from each.", valueName: "run"),
    completion: .directory)
  var subjects: [String]

  @OptionGroup var perturbations: RobustnessOptions

  @Option(help: ArgumentHelp("Where the data are now.", valueName: "name[=dir]"))
  var data: String?

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Where the picture and its numbers go. (default: robustness in the folder; runs/robustness)",
      valueName: "dir"), completion: .directory)
  var output: String?

  @Flag(inversion: .prefixedNo, help: "Draw a picture.")
  var pictures = true

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    threads.apply()
    let progress = SolveProgress("reading")
    defer { progress.finish() }
    let classifiers = try subjects.map { subject in
      try TrainedClassifier(subject, data: data, adjoint: .direct)
    }
    let names = classifiers.map(\.settings.dataName)
    guard Set(names).count == 1 else {
      throw Failure.usage(
        "the runs are on different data, \(Set(names).sorted().joined(separator: ", "));"
          + " give runs on the same")
    }
    let test = try classifiers.map { try $0.testImages() }
    let reports = try classifiers.enumerated().map { index, classifier in
      try perturbations.report(of: classifier.network, on: test[index]) { share in
        let all = (Double(index) + share) / Double(classifiers.count)
        progress.show("perturbed images", share: all)
      }
    }
    progress.finish()
    try show(reports)
  }

  private func show(_ reports: [RobustnessReport]) throws {
    let folder = output ?? (reports.count == 1 ? "\(subjects[0])/robustness" : "runs/robustness")
    let drawn: () throws -> [String]
    if let report = reports.first, reports.count == 1 {
      print(json ? report.json : "\(report)")
      drawn = { try report.writePictures(to: folder) }
    } else {
      let comparison = RobustnessComparison(names, reports)
      print(json ? comparison.json : "\(comparison)")
      drawn = { try comparison.writePictures(to: folder) }
    }
    guard pictures, let picture = try drawn().first else { return }
    // Not config.yaml, since the folder may be that of a run.
    try FlagFile(of: self).write(to: "\(folder)/robustness.yaml", for: "robustness")
    if !json { print("\ndrawn in \(picture)") }
  }

  /// What the runs are called: the last parts of their paths, or where those are equal the paths.
  private var names: [String] {
    let last = subjects.map { URL(fileURLWithPath: $0).lastPathComponent }
    return Set(last).count == last.count ? last : subjects
  }
}
