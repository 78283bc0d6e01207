import Foundation
import ThalwegDiffusion
import ThalwegTensors

/// The best contrast and time of classical filters, found on the very images or signals that they are
/// judged by.
struct ClassicalSearch {
  /// The name of the experiment in the table.
  let experiment: String
  let clean: [Tensor]
  let noisy: [Tensor]
  /// 1 for signals and 2 for images.
  var dimensions = 2
  /// The standard deviation of the noise; of images it is measured.
  var noise: Double?

  /// In units of the noise.
  private static let contrasts = [0.05, 0.1, 0.2, 0.35, 0.6, 1, 1.5]
  /// In squared pixels; the intermediate states of one long diffusion.
  private static let times = [0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 4, 6, 9, 13]
  /// Lines have half as many neighbours to take the mean of.
  private static let longTimes = [1.0, 2, 4, 7, 10, 20, 30, 50, 100, 200, 400, 800]

  /// The best of each flux by short cycles of FSI, whose times all other schemes share.
  func rows(_ fluxes: [String]) throws -> [ExperimentRow] {
    try fluxes.map { flux in
      let clock = ContinuousClock()
      let begin = clock.now
      var best: (psnr: Double, ssim: Double, note: String) = (-.infinity, 0, "")
      for contrast in flux == "linear" ? [1] : Self.contrasts {
        for time in dimensions == 2 ? Self.times : Self.longTimes {
          let quality = try quality(flux, contrast, time)
          guard quality.psnr > best.psnr else { continue }
          let edge = flux == "linear" ? "" : "contrast \(decimals(contrast, 2)) σ, "
          best = (quality.psnr, quality.ssim, "\(edge)time \(decimals(time, 1))")
        }
      }
      return ExperimentRow(
        experiment: experiment, filter: "classical", flux: flux, blocks: 0,
        weights: flux == "linear" ? 1 : 2, psnr: best.psnr, ssim: best.ssim.isNaN ? nil : best.ssim,
        seconds: (clock.now - begin) / .seconds(1), note: best.note)
    }
  }

  /// The mean quality.
  private func quality(
    _ flux: String, _ contrast: Double, _ time: Double
  ) throws -> (psnr: Double, ssim: Double) {
    var (psnr, ssim) = (0.0, 0.0)
    for (clean, noisy) in zip(clean, noisy) {
      let noise = noise ?? NoiseEstimate(of: noisy.expanded(at: 0)).level
      let diffusion = Diffusion(
        .gradient(dimensions: dimensions),
        flux: FilterOptions.flux(named: flux, contrast: contrast * noise), coupling: .responses)
      // Of total variation the unit of time is that of the values.
      let duration = flux == "total-variation" ? time * noise : time
      let result = try DiffusionFilter(
        diffusion, time: duration, scheme: .semiIterative(cycle: 3), on: noisy.shape)(noisy)
      let quality = ImageQuality(of: result, comparedWith: clean)
      psnr += quality.psnr / Double(self.clean.count)
      ssim += quality.ssim / Double(self.clean.count)
    }
    return (psnr, ssim)
  }
}
