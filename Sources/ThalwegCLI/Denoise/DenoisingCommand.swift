import ArgumentParser
import Foundation
import ThalwegDiffusion
import ThalwegKernels
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment denoising`: each network and flux against the best classical filter.
struct DenoisingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denoising",
    abstract: "Train networks to remove noise, and compare them with classical filters.",
    discussion: """
      The classical filters are the best of many contrasts and times, chosen on the
      test images themselves. With --output, weights and pictures of each network go
      into that folder: before, after and the difference, side by side.

      EXAMPLES
        thalweg experiment denoising pictures --test camera
        thalweg experiment denoising pictures --networks fsi --blocks 2,4,8 --shared
        thalweg experiment denoising pictures --updates 2000 --output runs/denoising
      """)

  @OptionGroup var flags: TrainingFlags

  @Option(help: "The networks, with commas between them.")
  var networks = "explicit,dff,fsi,implicit,multigrid"

  @Option(help: "Their fluxes, with commas between them.")
  var fluxes = "charbonnier,perona-malik,relu,radial-basis"

  @Option(help: "The numbers of blocks, with commas between them.")
  var blocks = "6"

  @Option(help: "The blocks of a cycle of fsi; the iterations of a fixed point.")
  var cycle = 4

  @Flag(help: "All blocks of a network share their weights.")
  var shared = false

  @Option(help: "A folder for weights and pictures.")
  var output: String?

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each line.")
  var json = false

  func validate() throws {
    let counts = flags.words(blocks).compactMap { Int($0) }
    guard (1...100).contains(cycle) else {
      throw ValidationError("--cycle \(cycle) is not from 1 to 100")
    }
    guard counts.count == flags.words(blocks).count, !counts.isEmpty else {
      throw ValidationError("--blocks '\(blocks)' are no numbers with commas between them")
    }
    for specification in specifications {
      if let defect = specification.defect { throw ValidationError("there is no \(defect)") }
    }
  }

  /// All combinations; multigrid has a block on each grid down and up, and takes its number of blocks as
  /// that of one grid.
  private var specifications: [NetworkSpecification] {
    flags.words(networks).flatMap { network in
      flags.words(fluxes).flatMap { flux in
        flags.words(blocks).compactMap { Int($0) }.map { count in
          NetworkSpecification(
            network: network, flux: flux,
            blocks: network == "multigrid" ? Swift.max(1, count / 5) : count,
            filters: flags.filters,
            size: flags.size, isShared: shared && network != "multigrid",
            inner: network == "multigrid" ? 3 : Swift.min(cycle, network == "fsi" ? count : cycle),
            noise: flags.noise)
        }
      }
    }
  }

  func run() throws {
    threads.apply()
    let images = try flags.load()
    let noisy = flags.noisy(images)
    if let output {
      do {
        try FileManager.default.createDirectory(
          atPath: output, withIntermediateDirectories: true)
      } catch { throw FileError(path: output, reason: error.localizedDescription) }
      try FlagFile(of: self).write(to: "\(output)/config.yaml", for: "experiment denoising")
    }
    let progress = SolveProgress("classical filters")
    defer { progress.finish() }
    if !json { ThalwegCLI.output(ExperimentRow.header + "\n") }
    try row("noisy", "", 0, 0, images, noisy, seconds: 0).show(asJSON: json)
    for row in try ClassicalSearch(images: images.test.map(\.image), noisy: noisy).rows() {
      try row.show(asJSON: json)
    }
    for (index, specification) in specifications.enumerated() {
      try train(specification, index, images, noisy, progress)
    }
  }

  private func train(
    _ specification: NetworkSpecification, _ index: Int, _ images: ExperimentImages,
    _ noisy: [Tensor], _ progress: SolveProgress
  ) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    let count = Double(specifications.count)
    let training = flags.training(images)
    let (network, _) = try training.trained(
      specification.network(seed: flags.seed), noise: flags.noise / 255
    ) { update in
      let share = (Double(index) + Double(update) / Double(flags.updates)) / count
      progress.show("\(specification.name), \(specification.flux): update \(update)", share: share)
    }
    let results = noisy.map { image in
      network(image.reshaped(to: Shape([1, 1] + image.shape.dimensions))).reshaped(to: image.shape)
    }
    try row(
      specification.name, specification.flux, specification.blocks, network.weightCount, images,
      results, seconds: (clock.now - begin) / .seconds(1)
    ).show(asJSON: json)
    guard let output else { return }
    let name = "\(output)/\(specification.network)-\(specification.flux)-\(specification.blocks)"
    try DenoisingModel(specification, network).write(to: "\(name).safetensors")
    for (index, test) in images.test.enumerated() {
      let difference = 0.5 + 2 * (results[index] - test.image)
      let strip = concatenate([noisy[index], results[index], difference], along: 1)
      try ThalwegTraining.Picture(strip.expanded(at: 0)).write(to: "\(name)-\(test.name).png")
    }
  }

  private func row(
    _ filter: String, _ flux: String, _ blocks: Int, _ weights: Int, _ images: ExperimentImages,
    _ results: [Tensor], seconds: Double
  ) -> ExperimentRow {
    let qualities = zip(results, images.test).map { ImageQuality(of: $0, comparedWith: $1.image) }
    let count = Double(qualities.count)
    return ExperimentRow(
      experiment: "denoising", filter: filter, flux: flux, blocks: blocks, weights: weights,
      psnr: qualities.map(\.psnr).reduce(0, +) / count,
      ssim: qualities.map(\.ssim).reduce(0, +) / count, seconds: seconds)
  }
}
