import ArgumentParser
import ThalwegNetworks
import ThalwegReports
import ThalwegTraining

/// The flags by which networks are held against perturbations.
struct RobustnessOptions: ParsableArguments {
  @Option(help: "A strength; may be given again. (default: 0, 0.02, 0.05, 0.1, 0.2, 0.3)")
  var strength: [Double] = []

  @Option(help: "The steps of pgd.")
  var steps = 10

  @Option(help: "How many test images, from the first on. (default: all)")
  var images: Int?

  @Option(help: "What determines the noise.")
  var seed: UInt64 = 0

  func validate() throws {
    for strength in strength { try FlagRange.checkNotNegative("--strength", strength) }
    try FlagRange.check("--steps", steps, 1...1000)
    try FlagRange.check("--images", images, 1...1_000_000_000)
  }

  /// Perturbs test images, and says which share of that is done.
  func report(
    of model: some Layer, on test: Dataset, progress: (Double) -> Void
  ) throws -> RobustnessReport {
    let count = Swift.min(images ?? test.count, test.count)
    return try RobustnessReport(
      of: model, on: test.selecting(Array(0..<count)),
      strengths: strength.isEmpty ? [0, 0.02, 0.05, 0.1, 0.2, 0.3] : strength, steps: steps,
      seed: seed, progress: progress)
  }
}
