import Foundation
import ThalwegTensors

/// How strong the noise of an image is, from what is left of it when all that is smooth is taken away.
///
///     σ = √(π/2) · mean |u ∗ N| / 6,   N = [1 -2 1; -2 4 -2; 1 -2 1]
///
/// - Source: J. Immerkær, "Fast noise variance estimation", Comput. Vis. Image Underst. 64 (1996),
///   doi:10.1006/cviu.1996.0060.
struct NoiseEstimate {
  /// The standard deviation, in the units of the image.
  let level: Double

  /// Estimates the noise of `[channels, height, width]`; 0 for less than three rows or columns.
  init(of image: Tensor) {
    let shape = image.shape
    guard shape[1] > 2, shape[2] > 2 else {
      level = 0
      return
    }
    let filter = Tensor([1, -2, 1, -2, 4, -2, 1, -2, 1], shape: [1, 1, 3, 3], dtype: .float32)
    let rest = convolution(
      image.reshaped(to: [shape[0], 1, shape[1], shape[2]]), filter, padding: 0)
    level = (Double.pi / 2).squareRoot() / 6 * mean(abs(rest)).scalar
  }
}
