import Foundation
import ThalwegDiffusion
import ThalwegTensors

/// The best contrast and time of classical filters, found on the very images that they are judged by.
struct ClassicalSearch {
  let images: [Tensor]
  let noisy: [Tensor]

  /// In units of the noise, which is measured.
  private static let contrasts = [0.05, 0.1, 0.2, 0.35, 0.6, 1, 1.5]
  /// In squared pixels; the intermediate states of one long diffusion.
  private static let times = [0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 4, 6, 9, 13]

  /// The best of each flux by explicit steps, whose times all other schemes share.
  func rows() throws -> [ExperimentRow] {
    try FilterOptions.fluxes.map { flux in
      let clock = ContinuousClock()
      let begin = clock.now
      var best: (psnr: Double, ssim: Double, note: String) = (-.infinity, 0, "")
      for contrast in flux == "linear" ? [1] : Self.contrasts {
        for time in Self.times {
          guard let quality = try quality(flux, contrast, time), quality.psnr > best.psnr else {
            continue
          }
          best = (
            quality.psnr, quality.ssim,
            "contrast \(decimals(contrast, 2)) σ, time \(decimals(time, 1))"
          )
        }
      }
      return ExperimentRow(
        experiment: "denoising", filter: "classical", flux: flux, blocks: 0,
        weights: flux == "linear" ? 1 : 2, psnr: best.psnr, ssim: best.ssim,
        seconds: (clock.now - begin) / .seconds(1), note: best.note)
    }
  }

  /// The mean quality; nil where so small a contrast makes it pointless.
  private func quality(
    _ flux: String, _ contrast: Double, _ time: Double
  ) throws -> (psnr: Double, ssim: Double)? {
    var (psnr, ssim) = (0.0, 0.0)
    for (image, noisy) in zip(images, noisy) {
      let noise = NoiseEstimate(of: noisy.expanded(at: 0)).level
      let diffusion = Diffusion(
        .gradient(), flux: FilterOptions.flux(named: flux, contrast: contrast * noise),
        coupling: .responses)
      // Of total variation the unit of time is that of the image.
      let duration = flux == "total-variation" ? time * noise : time
      let result = try DiffusionFilter(
        diffusion, time: duration, scheme: .semiIterative(cycle: 3), on: noisy.shape)(noisy)
      let quality = ImageQuality(of: result, comparedWith: image)
      psnr += quality.psnr / Double(images.count)
      ssim += quality.ssim / Double(images.count)
    }
    return (psnr, ssim)
  }
}
