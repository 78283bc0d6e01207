import ThalwegDiffusion

/// A line of the table of an experiment.
struct ExperimentRow: Encodable {
  let experiment: String
  let filter: String
  let flux: String
  let blocks: Int
  let weights: Int
  let psnr: Double
  let ssim: Double
  let seconds: Double
  var note = ""

  static let header =
    "filter".padded(to: 30) + "flux".padded(to: 26) + "blocks".aligned(to: 7)
    + "weights".aligned(to: 9) + "PSNR".aligned(to: 8) + "SSIM".aligned(to: 8)
    + "seconds".aligned(to: 9)

  var text: String {
    filter.padded(to: 30) + flux.padded(to: 26) + "\(blocks)".aligned(to: 7)
      + "\(weights)".aligned(to: 9) + decimals(psnr, 2).aligned(to: 8)
      + decimals(ssim, 4).aligned(to: 8) + decimals(seconds, 1).aligned(to: 9)
      + (note.isEmpty ? "" : "  \(note)")
  }

  /// Prints the line.
  func show(asJSON: Bool) throws { output((asJSON ? try json : text) + "\n") }
}
