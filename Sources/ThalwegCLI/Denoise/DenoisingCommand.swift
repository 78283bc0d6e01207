import ArgumentParser
import ThalwegDiffusion
import ThalwegKernels
import ThalwegReports
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment denoising`: each network and flux against the best classical filter.
struct DenoisingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denoising",
    abstract: "Train networks to remove noise, and compare them with classical filters.",
    discussion: """
      The classical filters are the best of many contrasts and times, chosen on the
      test images themselves; qualities are means over these. With --output, weights
      and pictures of each network go into that folder: before, after and twice the
      difference, side by side. With several numbers of blocks there is a picture of
      what they come to, too.

      EXAMPLES
        thalweg experiment denoising pictures --test camera
        thalweg experiment denoising pictures --networks fsi --blocks 2,4,8 --shared
        thalweg experiment denoising pictures --updates 2000 --output runs/denoising
      """)

  @OptionGroup var images: ImageFlags
  @OptionGroup var training: TrainingFlags
  @OptionGroup var networks: NetworkFlags

  @Option(help: "A folder for weights and pictures.", completion: .directory)
  var output: String?

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each line.")
  var json = false

  func run() throws {
    threads.apply()
    let pictures = try images.load()
    let noisy = images.noisy(pictures, seed: training.seed)
    if let output {
      try makeFolder(output)
      try FlagFile(of: self).write(to: "\(output)/config.yaml", for: "experiment denoising")
    }
    let progress = SolveProgress("classical filters")
    defer { progress.finish() }
    if !json { ThalwegCLI.output(ExperimentRow.header + "\n") }
    try row("noisy", "", 0, 0, pictures, noisy, seconds: 0).show(asJSON: json)
    let classical = try ClassicalSearch(
      experiment: "denoising", clean: pictures.test.map(\.image), noisy: noisy
    ).rows(networks.classicalFluxes)
    for row in classical { try row.show(asJSON: json) }
    let specifications = networks.specifications(training, noise: images.noise)
    let comparison = try BlockComparison(
      of: specifications, with: classical, progress, asJSON: json
    ) { try train($0, pictures, noisy, progress: $1) }
    if let output, networks.counts.count > 1 { try comparison.draw(to: "\(output)/blocks") }
  }

  private func train(
    _ specification: NetworkSpecification, _ pictures: ExperimentImages, _ noisy: [Tensor],
    progress: (Double) -> Void
  ) throws -> ExperimentRow {
    let clock = ContinuousClock()
    let begin = clock.now
    let patches = ImagePatches(pictures.training, side: images.side)
    let network = try training.training(on: patches).trained(
      specification.network(seed: training.seed),
      DenoisingTraining.removing(noise: images.noise / 255)
    ) { progress(Double($0) / Double(training.updates)) }
    let results = noisy.map { image in
      network(image.reshaped(to: Shape([1, 1] + image.shape.dimensions))).reshaped(to: image.shape)
    }
    if let output {
      let name = "\(output)/\(specification.fileName)"
      try DenoisingModel(specification, network).write(to: "\(name).safetensors")
      for (index, test) in pictures.test.enumerated() {
        let difference = 0.5 + 2 * (results[index] - test.image)
        let strip = concatenate([noisy[index], results[index], difference], along: 1)
        try ThalwegTraining.Picture(strip.expanded(at: 0)).write(to: "\(name)-\(test.name).png")
      }
    }
    return row(
      specification.name, specification.flux, specification.blocks, network.weightCount, pictures,
      results, seconds: (clock.now - begin) / .seconds(1))
  }

  private func row(
    _ filter: String, _ flux: String, _ blocks: Int, _ weights: Int,
    _ pictures: ExperimentImages, _ results: [Tensor], seconds: Double
  ) -> ExperimentRow {
    let quality = pictures.quality(of: results)
    return ExperimentRow(
      experiment: "denoising", filter: filter, flux: flux, blocks: blocks, weights: weights,
      psnr: quality.psnr, ssim: quality.ssim, seconds: seconds)
  }
}
