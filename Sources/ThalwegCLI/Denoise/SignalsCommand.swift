import ArgumentParser
import ThalwegDiffusion
import ThalwegKernels
import ThalwegReports
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment signals`: denoising in one dimension.
struct SignalsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signals",
    abstract:
      "Train networks to remove noise from signals, and compare them with classical filters.",
    discussion: """
      Without a file signals are random: smooth but for some jumps. Of a file, .npy,
      .csv or 16-bit integers as .i16le, the last fifth is for the test; its extremes
      become 0 and 1. With --output there is a picture for each network: the signal,
      its noise and what is left of it. PSNR is that of all test signals together.

      EXAMPLES
        thalweg experiment signals --updates 1000
        thalweg experiment signals --networks explicit,fsi --blocks 2,4,8,16 --shared
        thalweg experiment signals ecg.i16le.gz --channels 2 --output runs/ecg
      """)

  @Argument(help: "A file with a signal; without one, random signals.", completion: .file())
  var file: String?

  @Option(help: "The channels of a file of integers, which are in turn.")
  var channels = 1

  @Option(help: "The channel that is taken, from 1 on.")
  var channel = 1

  @Option(help: "The standard deviation of the noise; signals are from 0 to 1.")
  var noise = 0.1

  @Option(help: "The samples of a signal.")
  var length = 256

  @OptionGroup var training: TrainingFlags
  @OptionGroup var networks: NetworkFlags

  @Option(help: "A folder for pictures.", completion: .directory)
  var output: String?

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each line.")
  var json = false

  func validate() throws {
    try FlagRange.check("--noise", noise, upTo: 1)
    try FlagRange.check("--length", length, 32...65_536)
    try FlagRange.check("--channels", channels, 1...1_024)
    try FlagRange.check("--channel", channel, 1...channels)
  }

  func run() throws {
    threads.apply()
    let signals = try self.signals()
    if let output {
      try makeFolder(output)
      try FlagFile(of: self).write(to: "\(output)/config.yaml", for: "experiment signals")
    }
    let noisy =
      signals.test + Tensor(noise)
      * .randomNormal(
        signals.test.shape, key: Tensor(Double(training.seed) + 1_000), dtype: .float32)
    let progress = SolveProgress("classical filters")
    defer { progress.finish() }
    if !json { ThalwegCLI.output(ExperimentRow.header + "\n") }
    try row("noisy", "", 0, 0, signals, noisy, seconds: 0).show(asJSON: json)
    let classical = try ClassicalSearch(
      experiment: "signals", clean: [signals.test], noisy: [noisy], dimensions: 1, noise: noise
    ).rows(networks.classicalFluxes)
    for row in classical { try row.show(asJSON: json) }
    let specifications = networks.specifications(training, noise: 255 * noise)
    let comparison = try BlockComparison(
      of: specifications, with: classical, progress, asJSON: json
    ) { try train($0, signals, noisy, progress: $1) }
    if let output, networks.counts.count > 1 { try comparison.draw(to: "\(output)/blocks") }
  }

  private func signals() throws -> SignalSource {
    guard let file else { return SignalSource(length: length, seed: training.seed) }
    let samples = try SignalFile(contentsOf: file, channels: channels).samples
    guard channel <= samples.shape[0] else {
      throw Failure.usage("--channel \(channel): \(file) has \(samples.shape[0])")
    }
    guard samples.shape[1] >= 2 * length else {
      throw DataError(
        file, found: "\(samples.shape[1]) samples",
        expected: "at least \(2 * length), two signals of --length \(length)")
    }
    return SignalSource(samples.slice(channel - 1..<channel).values, length: length)
  }

  private func train(
    _ specification: NetworkSpecification, _ source: SignalSource, _ noisy: Tensor,
    progress: (Double) -> Void
  ) throws -> ExperimentRow {
    let clock = ContinuousClock()
    let begin = clock.now
    let network = try training.training(on: source).trained(
      specification.network(seed: training.seed, dimensions: 1),
      DenoisingTraining.removing(noise: noise)
    ) { progress(Double($0) / Double(training.updates)) }
    let result = network(noisy)
    if let output {
      try draw(
        specification, source.test, noisy, result, to: "\(output)/\(specification.fileName)")
    }
    return row(
      specification.name, specification.flux, specification.blocks, network.weightCount, source,
      result, seconds: (clock.now - begin) / .seconds(1))
  }

  private func row(
    _ filter: String, _ flux: String, _ blocks: Int, _ weights: Int,
    _ source: SignalSource, _ result: Tensor, seconds: Double
  ) -> ExperimentRow {
    let quality = ImageQuality(of: result, comparedWith: source.test)
    return ExperimentRow(
      experiment: "signals", filter: filter, flux: flux, blocks: blocks, weights: weights,
      psnr: quality.psnr, ssim: nil, seconds: seconds)
  }

  /// Draws the first signal of the test, before and after.
  private func draw(
    _ specification: NetworkSpecification, _ clean: Tensor, _ noisy: Tensor, _ result: Tensor,
    to path: String
  ) throws {
    let places = (0..<length).map(Double.init)
    var plot = Plot(
      "\(specification.name), \(specification.flux)", x: "sample", y: "value")
    plot.add("result", x: places, y: Array(result.values.prefix(length)))
    plot.add("signal", x: places, y: Array(clean.values.prefix(length)))
    plot.add("with noise", x: places, y: Array(noisy.values.prefix(length)), as: .points)
    try plot.write(to: path)
  }
}
