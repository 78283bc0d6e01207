import ThalwegDiffusion

/// A line of the table of an experiment.
struct ExperimentRow: Encodable {
  let experiment: String
  let filter: String
  let flux: String
  let blocks: Int
  let weights: Int
  let psnr: Double
  /// The structural similarity, of images.
  let ssim: Double?
  let seconds: Double
  var note = ""

  static let header =
    "filter".padded(to: 34) + "flux".padded(to: 26) + "blocks".aligned(to: 7)
    + "weights".aligned(to: 9) + "PSNR".aligned(to: 8) + "SSIM".aligned(to: 8)
    + "seconds".aligned(to: 9)

  var text: String {
    filter.padded(to: 34) + flux.padded(to: 26) + "\(blocks)".aligned(to: 7)
      + "\(weights)".aligned(to: 9) + decimals(psnr, 2).aligned(to: 8)
      + (ssim.map { decimals($0, 4) } ?? "").aligned(to: 8) + decimals(seconds, 1).aligned(to: 9)
      + (note.isEmpty ? "" : "  \(note)")
  }

  /// Prints the line.
  func show(asJSON: Bool) throws { output((asJSON ? try json : text) + "\n") }

  /// The line with how much better the filter is than the classical one of the same flux, if there is
  /// one.
  func compared(with classical: [ExperimentRow]) -> ExperimentRow {
    guard let own = classical.first(where: { $0.flux == flux }) else { return self }
    let gain = psnr - own.psnr
    var row = self
    row.note = "\(gain < 0 ? "-" : "+")\(decimals(gain.magnitude, 2)) dB to classical"
    return row
  }
}
