import Foundation
import ThalwegKernels
public import ThalwegTensors

/// How close an image is to another one.
///
///     let quality = ImageQuality(of: clean, comparedWith: original)
///     print(quality.psnr, quality.ssim)
///
/// - Shapes: images `[..., height, width]` of equal shapes with values from 0 to 1.
/// - Source: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error
///   visibility to structural similarity", IEEE Trans. Image Process. 13 (2004),
///   doi:10.1109/TIP.2003.819861.
public struct ImageQuality: Hashable, Sendable {
  /// The peak signal-to-noise ratio, -10 log₁₀ of the mean squared difference, in decibels.
  public let psnr: Double
  /// The structural similarity, with windows weighted by a Gaussian of width 1.5 over 11 × 11 pixels that
  /// lie within the image; the mean over all of them and all channels.
  public let ssim: Double

  /// Compares two images.
  ///
  /// - Errors: traps where shapes differ.
  public init(of image: Tensor, comparedWith reference: Tensor) {
    require(
      image.shape == reference.shape && image.rank >= 2,
      "image quality: images of shapes \(image.shape) and \(reference.shape)")
    let (a, b) = (image.to(.float64), reference.to(.float64))
    psnr = -10 * Foundation.log10(mean(square(a - b)).scalar)
    ssim = Self.similarity(a, b)
  }

  private static let window = 11

  private static func similarity(_ a: Tensor, _ b: Tensor) -> Double {
    let (height, width) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
    guard height >= window, width >= window else { return .nan }
    let shape: Shape = [a.count / (height * width), 1, height, width]
    let bell = (0..<window).map {
      Foundation.exp(-Foundation.pow(Double($0 - window / 2), 2) / 4.5)
    }
    let total = bell.reduce(0, +)
    let weights = Tensor(bell.map { $0 / total })
    func local(_ x: Tensor) -> Tensor {
      let rows = convolution(
        x.reshaped(to: shape), weights.reshaped(to: [1, 1, window, 1]),
        padding: 0)
      return convolution(rows, weights.reshaped(to: [1, 1, 1, window]), padding: 0)
    }
    let (meanA, meanB) = (local(a), local(b))
    let varianceA = local(square(a)) - square(meanA)
    let varianceB = local(square(b)) - square(meanB)
    let covariance = local(a * b) - meanA * meanB
    let (luminance, contrast) = (0.01 * 0.01, 0.03 * 0.03)
    let similarity =
      (2 * meanA * meanB + luminance) * (2 * covariance + contrast)
      / ((square(meanA) + square(meanB) + luminance) * (varianceA + varianceB + contrast))
    return mean(similarity).scalar
  }
}
