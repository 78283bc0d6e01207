import ArgumentParser
import Foundation
import ThalwegDiffusion
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment skips`: what is lost without the skip connections that schemes have.
struct SkipsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skips",
    abstract: "Train networks with and without their skip connections.",
    discussion: """
      Skip connections come from the step in time of an explicit scheme, from the extrapolation of \
      an accelerated one, from the input of a fixed point that comes again, and from the fine grid to \
      which multigrid adds a correction. Each network is trained with and without them.

      EXAMPLES
        thalweg experiment skips pictures --test camera
      """)

  @OptionGroup var images: ImageFlags
  @OptionGroup var training: TrainingFlags

  @Option(help: "The number of blocks.")
  var blocks = 6

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each line.")
  var json = false

  func run() throws {
    threads.apply()
    let pictures = try images.load()
    let noisy = images.noisy(pictures, seed: training.seed)
    let patches = ImagePatches(pictures.training, side: images.side)
    let progress = SolveProgress("skip connections")
    defer { progress.finish() }
    if !json { ThalwegCLI.output(ExperimentRow.header + "\n") }
    let cases = SkipCase.allCases
    for (index, ablation) in cases.enumerated() {
      let clock = ContinuousClock()
      let begin = clock.now
      let network = try training.training(on: patches).trained(
        ablation.network(training, blocks, noise: images.noise),
        DenoisingTraining.removing(noise: images.noise / 255)
      ) { update in
        let done = Double(index) + Double(update) / Double(training.updates)
        progress.show(ablation.rawValue, share: done / Double(cases.count))
      }
      let quality = pictures.quality(
        of: noisy.map { noisy in
          network(noisy.reshaped(to: Shape([1, 1] + noisy.shape.dimensions)))
            .reshaped(to: noisy.shape)
        })
      try ExperimentRow(
        experiment: "skips", filter: ablation.rawValue, flux: "perona-malik", blocks: blocks,
        weights: network.weightCount, psnr: quality.psnr, ssim: quality.ssim,
        seconds: (clock.now - begin) / .seconds(1)
      ).show(asJSON: json)
    }
  }
}

/// A network with or without the skip connections of its scheme.
private enum SkipCase: String, CaseIterable {
  case explicit = "explicit"
  case withoutIdentity = "explicit without identity"
  case extrapolated = "fsi, shared"
  case withoutExtrapolation = "fsi without extrapolation"
  case recurrent = "fixed point, shared"
  case withoutInput = "fixed point without input"
  case multigrid = "multigrid"
  case withoutCorrection = "multigrid without addition"

  func network(_ flags: TrainingFlags, _ blocks: Int, noise: Double) -> DenoisingNetwork {
    func scheme(_ name: String, isShared: Bool, inner: Int) -> DenoisingNetwork {
      NetworkSpecification(
        network: name, flux: "perona-malik", blocks: blocks, filters: flags.filters,
        size: flags.size, isShared: isShared, inner: inner, noise: noise
      ).network(seed: flags.seed)
    }
    func grids(_ hasSkips: Bool) -> DenoisingNetwork {
      let contrast = Tensor(
        repeating: noise / 255, shape: [flags.filters, 1, 1], dtype: .float32)
      return .multigrid(
        MultigridNetwork(
          levels: 3, blocks: Swift.max(1, blocks / 5), filters: flags.filters, size: flags.size,
          flux: .peronaMalik(contrast: contrast), hasSkips: hasSkips, seed: flags.seed))
    }
    func plain(_ kind: PlainNetwork.Kind) -> DenoisingNetwork {
      guard
        case .scheme(let network) = scheme("explicit", isShared: kind != .withoutIdentity, inner: 1)
      else { return grids(true) }
      return .plain(PlainNetwork(kind: kind, blocks: network.blocks, depth: blocks))
    }
    return switch self {
    case .explicit: scheme("explicit", isShared: false, inner: 1)
    case .withoutIdentity: plain(.withoutIdentity)
    case .extrapolated: scheme("fsi", isShared: true, inner: blocks)
    case .withoutExtrapolation: scheme("explicit", isShared: true, inner: 1)
    case .recurrent: plain(.recurrent)
    case .withoutInput: plain(.withoutInput)
    case .multigrid: grids(true)
    case .withoutCorrection: grids(false)
    }
  }
}
