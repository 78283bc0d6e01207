import ArgumentParser
import Foundation
import ThalwegDiffusion
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment inpainting`: an image from a part of its pixels, by FSI and by explicit steps.
struct InpaintingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inpainting", abstract: "Fill in an image of which few pixels are known.",
    discussion: """
      Cycles of extrapolated steps (fsi) and explicit steps are given the same number
      of evaluations.

      EXAMPLES
        thalweg experiment inpainting camera.png --density 0.1
        thalweg experiment inpainting camera.png --output inpainting.png
      """)

  @Argument(help: "The image.")
  var image: String

  @Option(help: "The share of pixels that are known.")
  var density = 0.1

  @Option(help: "The numbers of evaluations, with commas between them.")
  var evaluations = "40,160,640"

  @Option(help: "The seed of the mask.")
  var seed: UInt64 = 1

  @Option(help: "A picture of what is known, the result of fsi and the difference, a .png.")
  var output: String?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each line.")
  var json = false

  private var counts: [Int] { evaluations.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard density > 0, density <= 1 else {
      throw ValidationError("--density \(density) is not between 0 and 1")
    }
    guard !counts.isEmpty, counts.count == evaluations.split(separator: ",").count,
      counts.allSatisfy({ (1...1_000_000).contains($0) })
    else { throw ValidationError("--evaluations '\(evaluations)' are no numbers with commas") }
  }

  func run() throws {
    threads.apply()
    let original = mean(try ThalwegTraining.Picture(contentsOf: image).tensor, over: [0])
    let random = Tensor.randomUniform(
      original.shape, key: Tensor(Double(seed)), dtype: .float32)
    let known = (random .< Tensor(density)).to(.float32)
    let count = sum(known).scalar
    guard count > 0 else { throw Failure.usage("--density \(density): no pixel is known") }
    let level = sum(known * original).scalar / count
    let start = known * original + (1 - known) * Tensor(level)
    if !json { ThalwegCLI.output(ExperimentRow.header + "\n") }
    var last = start
    for flux in ["linear", "charbonnier"] {
      for count in counts {
        for scheme in [DiffusionScheme.explicit, .semiIterative(cycle: cycle(count))] {
          last = try run(flux, scheme, count, known, start, original)
        }
      }
    }
    guard let output else { return }
    let strip = concatenate([known * original, last, 0.5 + 2 * (last - original)], along: 1)
    try ThalwegTraining.Picture(strip.expanded(at: 0)).write(to: output)
  }

  /// Few cycles, since an image is reached across by the length of one; at most so many evaluations.
  private func cycle(_ count: Int) -> Int { Swift.max(1, Swift.min(count / 2, 80)) }

  private func run(
    _ flux: String, _ scheme: DiffusionScheme, _ count: Int, _ known: Tensor, _ start: Tensor,
    _ original: Tensor
  ) throws -> Tensor {
    let diffusion = Diffusion(
      .gradient(), flux: FilterOptions.flux(named: flux, contrast: 0.02), coupling: .responses,
      known: known)
    var steps = count
    if case .semiIterative(let cycle) = scheme { steps = count / cycle }
    let unit = try diffusion.certificate(for: scheme, step: 1, on: start.shape).largestStep
    let clock = ContinuousClock()
    var result = start
    let seconds = try clock.measure {
      result = try DiffusionFilter(
        diffusion, time: 0.95 * unit * Double(steps), scheme: scheme, steps: steps,
        on: start.shape)(start)
    }
    let quality = ImageQuality(of: result, comparedWith: original)
    try ExperimentRow(
      experiment: "inpainting", filter: scheme.name, flux: flux, blocks: count, weights: 0,
      psnr: quality.psnr, ssim: quality.ssim, seconds: seconds / .seconds(1)
    ).show(asJSON: json)
    return result
  }
}
