import ArgumentParser
import ThalwegReports
import ThalwegTraining

/// `thalweg robustness`: the accuracy of a trained network on perturbed images.
struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Measure how well a trained network holds against noise and attacks.",
    discussion: """
      Test images are perturbed by normal noise, by a step along the sign of the gradient of the loss \
      (fgsm), and by several shorter such steps (pgd). Strengths are shares of the brightest pixel, \
      or of the deviation of an image where images are standardised.

      EXAMPLES
        thalweg robustness runs/optdigits-hamiltonian
        thalweg robustness runs/cifar10-parabolic --strength 0 --strength 0.1 --images 1000 --json
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of thalweg train, or a model.safetensors from one.", valueName: "run"))
  var subject: String

  @Option(help: "A strength; may be given again. (default: 0, 0.02, 0.05, 0.1, 0.2, 0.3)")
  var strength: [Double] = []

  @Option(help: "The steps of pgd.")
  var steps = 10

  @Option(help: "How many test images, from the first on. (default: all)")
  var images: Int?

  @Option(help: "What determines the noise.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Where the data are now.", valueName: "name[=dir]"))
  var data: String?

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Where the picture and its numbers go. (default: robustness in the folder)",
      valueName: "dir"))
  var output: String?

  @Flag(inversion: .prefixedNo, help: "Draw a picture.")
  var pictures = true

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let wrong = strength.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw ValidationError("--strength \(wrong) is not 0 or more")
    }
    guard (1...1000).contains(steps) else {
      throw ValidationError("--steps \(steps) is not from 1 to 1000")
    }
    if let images, images < 1 { throw ValidationError("--images \(images) is not 1 or more") }
  }

  func run() throws {
    threads.apply()
    let progress = SolveProgress("reading")
    defer { progress.finish() }
    let classifier = try TrainedClassifier(subject, data: data, adjoint: .direct)
    let test = try classifier.testImages()
    let count = Swift.min(images ?? test.count, test.count)
    let report = try RobustnessReport(
      of: classifier.network, on: test.selecting(Array(0..<count)),
      strengths: strength.isEmpty ? [0, 0.02, 0.05, 0.1, 0.2, 0.3] : strength, steps: steps,
      seed: seed, progress: { progress.show("perturbed images", share: $0) })
    progress.finish()
    print(json ? report.json : "\(report)")
    guard pictures else { return }
    let name = output ?? "\(subject)/robustness"
    let drawn = try report.writePictures(to: name)
    try FlagFile(of: self).write(to: "\(name).yaml", for: "robustness")
    if !json, let picture = drawn.first { print("\ndrawn in \(picture)") }
  }
}
