import Foundation
import ThalwegDiffusion
import ThalwegTensors

/// What `thalweg denoise` has done, for people and as JSON.
struct DenoiseRecord: Encodable {
  var input = ""
  var output = ""
  let channels: Int
  let height: Int
  let width: Int
  let scheme: String
  let flux: String
  var contrast: Double?
  var time: Double?
  var steps: Int?
  var step: Double?
  var largestStep: Double?
  var estimatedNoise: Double?
  var statements: [String] = []
  var before: ImageQuality?
  var after: ImageQuality?
  var seconds = 0.0

  private init(_ image: Tensor, scheme: String, flux: String) {
    (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
    (self.scheme, self.flux) = (scheme, flux)
  }

  /// The record of a classical filter.
  init(
    _ filter: DiffusionFilter, flux: String, contrast: Double, time: Double, noise: Double,
    _ image: Tensor
  ) {
    self.init(image, scheme: filter.scheme.name, flux: flux)
    self.contrast = flux == "linear" ? nil : contrast
    self.time = time
    steps = filter.steps
    step = filter.certificate.step
    let largest = filter.certificate.largestStep
    largestStep = largest.isFinite ? largest : nil
    estimatedNoise = noise
    statements = filter.certificate.statements
  }

  /// The record of a trained network.
  init(network: NetworkSpecification, _ image: Tensor) {
    self.init(image, scheme: network.name, flux: network.flux)
    steps = network.blocks
  }

  private enum Key: String, CodingKey {
    case result, input, output, channels, height, width, scheme, flux, contrast, time, steps, step
    case largestStep = "largest_step"
    case estimatedNoise = "estimated_noise"
    case noisyPSNR = "psnr_before"
    case psnr, ssim, seconds
    case noisySSIM = "ssim_before"
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode("denoise", forKey: .result)
    try object.encode(input, forKey: .input)
    try object.encode(output, forKey: .output)
    try object.encode(channels, forKey: .channels)
    try object.encode(height, forKey: .height)
    try object.encode(width, forKey: .width)
    try object.encode(scheme, forKey: .scheme)
    try object.encode(flux, forKey: .flux)
    try object.encodeIfPresent(contrast, forKey: .contrast)
    try object.encodeIfPresent(time, forKey: .time)
    try object.encodeIfPresent(steps, forKey: .steps)
    try object.encodeIfPresent(step, forKey: .step)
    try object.encodeIfPresent(largestStep, forKey: .largestStep)
    try object.encodeIfPresent(estimatedNoise, forKey: .estimatedNoise)
    // JSON has no word for what is infinite, as the ratio of equal images is.
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    try object.encodeIfPresent(finite(before?.psnr), forKey: .noisyPSNR)
    try object.encodeIfPresent(finite(before?.ssim), forKey: .noisySSIM)
    try object.encodeIfPresent(finite(after?.psnr), forKey: .psnr)
    try object.encodeIfPresent(finite(after?.ssim), forKey: .ssim)
    try object.encode(seconds, forKey: .seconds)
  }

  /// A few lines.
  var text: String {
    var lines = ["\(input): \(width) × \(height), \(channels == 3 ? "colour" : "grey")"]
    if let estimatedNoise {
      lines.append("noise of about \(decimals(estimatedNoise, 1)) grey values")
    }
    let edge = contrast.map { ", contrast \(decimals($0, 2))" } ?? ""
    let span = time.map { ", time \(decimals($0, 2))" } ?? ""
    lines.append(
      "\(scheme), \(flux)\(edge)\(span), \(steps ?? 0) \(steps == 1 ? "step" : "steps") in \(decimals(seconds, 2)) s"
    )
    lines += statements
    if let before, let after {
      lines.append(
        "PSNR \(decimals(before.psnr, 2)) → \(decimals(after.psnr, 2)) dB, SSIM"
          + " \(decimals(before.ssim, 4)) → \(decimals(after.ssim, 4))")
    }
    return (lines + ["written to \(output)"]).joined(separator: "\n")
  }
}
