import ArgumentParser
import ThalwegDiffusion
import ThalwegReports
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment inpainting`: an image from a part of its pixels, by FSI, by explicit steps and by
/// trained networks.
struct InpaintingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inpainting", abstract: "Fill in an image of which few pixels are known.",
    discussion: """
      Cycles of extrapolated steps (fsi) and explicit steps are given the same number
      of evaluations. With a folder of pictures, networks are trained on all of them
      but the image itself: explicit, fsi in cycles, and multigrid. With --output a
      picture of each shows what is known, the result and twice the difference.

      EXAMPLES
        thalweg experiment inpainting camera.png --density 0.1
        thalweg experiment inpainting camera.png --pictures folder --updates 1000
        thalweg experiment inpainting camera.png --output runs/inpainting
      """)

  @Argument(help: "The image.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(help: "The share of pixels that are known.")
  var density = 0.1

  @Option(help: "The numbers of evaluations, with commas between them.")
  var evaluations = "40,160,640"

  @Option(help: "A folder of images to train networks on.", completion: .directory)
  var pictures: String?

  @Option(help: "The trained networks, with commas between them: explicit, fsi or multigrid.")
  var networks = "explicit,fsi,multigrid"

  @Option(help: "The flux of networks.")
  var flux = "perona-malik"

  @Option(help: "The blocks of networks; a cycle of fsi has half of them.")
  var blocks = 20

  @Option(help: "The grids of multigrid.")
  var levels = 5

  @Option(help: "The height and width of a patch.")
  var side = 64

  @OptionGroup var training: TrainingFlags

  @Option(help: "A folder for pictures.", completion: .directory)
  var output: String?

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each line.")
  var json = false

  private var counts: [Int] { evaluations.listed.compactMap { Int($0) } }
  private static let networks = ["explicit", "fsi", "multigrid"]

  func validate() throws {
    try FlagRange.check("--density", density, upTo: 1)
    guard !counts.isEmpty, counts.count == evaluations.listed.count,
      counts.allSatisfy({ (1...1_000_000).contains($0) })
    else {
      throw ValidationError(
        "--evaluations '\(evaluations)' are no numbers from 1 on with commas between them")
    }
    try FlagRange.check("--networks", networks.listed, Self.networks)
    try FlagRange.check("--flux", [flux], NetworkSpecification.fluxes)
    try FlagRange.check("--blocks", blocks, 1...200)
    try FlagRange.check("--levels", levels, 1...8)
    try FlagRange.check("--side", side, 16...512)
  }

  func run() throws {
    threads.apply()
    let problem = try FillingProblem(image, density: density, seed: training.seed)
    if let output {
      try makeFolder(output)
      try FlagFile(of: self).write(to: "\(output)/config.yaml", for: "experiment inpainting")
    }
    if !json { ThalwegCLI.output(ExperimentRow.header + "\n") }
    for flux in ["linear", "charbonnier"] {
      for count in counts {
        for scheme in [DiffusionScheme.explicit, .semiIterative(cycle: cycle(count))] {
          let clock = ContinuousClock()
          let begin = clock.now
          let result = try problem.filled(by: scheme, flux: flux, evaluations: count)
          try show(
            scheme.name, flux, count, 0, result, problem, (clock.now - begin) / .seconds(1))
        }
      }
    }
    guard let pictures else { return }
    let images = try ExperimentImages.training(
      in: pictures, without: image, smallest: side)
    let progress = SolveProgress("training")
    defer { progress.finish() }
    for name in networks.listed { try train(name, images, problem, progress) }
  }

  /// Few cycles, since an image is reached across by the length of one; at most so many evaluations.
  private func cycle(_ count: Int) -> Int { Swift.max(1, Swift.min(count / 2, 80)) }

  private func train(
    _ name: String, _ images: [Tensor], _ problem: FillingProblem, _ progress: SolveProgress
  ) throws {
    let isGrid = name == "multigrid"
    let specification = NetworkSpecification(
      network: name, flux: flux, blocks: isGrid ? Swift.max(1, blocks / (2 * levels - 1)) : blocks,
      filters: training.filters, size: training.size, isShared: false,
      inner: isGrid ? levels : Swift.max(1, blocks / 2), noise: 25)
    let clock = ContinuousClock()
    let begin = clock.now
    let patches = ImagePatches(images, side: side)
    let network = try training.training(on: patches).trained(
      specification.network(seed: training.seed), DenoisingTraining.filling(density: density)
    ) {
      progress.show("\(specification.name)", share: Double($0) / Double(training.updates))
    }
    try show(
      specification.name, flux, specification.blocks, network.weightCount,
      problem.filled(by: network), problem, (clock.now - begin) / .seconds(1))
  }

  private func show(
    _ name: String, _ flux: String, _ blocks: Int, _ weights: Int, _ result: Tensor,
    _ problem: FillingProblem, _ seconds: Double
  ) throws {
    let quality = ImageQuality(of: result, comparedWith: problem.original)
    try ExperimentRow(
      experiment: "inpainting", filter: name, flux: flux, blocks: blocks, weights: weights,
      psnr: quality.psnr, ssim: quality.ssim, seconds: seconds
    ).show(asJSON: json)
    guard let output else { return }
    let file = "\(name)-\(flux)-\(blocks)".replacing(" network", with: "")
    let strip = concatenate(
      [problem.known * problem.original, result, 0.5 + 2 * (result - problem.original)], along: 1)
    try ThalwegTraining.Picture(strip.expanded(at: 0)).write(to: "\(output)/\(file).png")
  }
}
