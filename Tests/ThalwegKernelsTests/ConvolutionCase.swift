import Testing
import ThalwegTestSupport

/// A convolution of stride 1 between images of the same size, with numbers of its own.
struct ConvolutionCase: CustomTestStringConvertible {
  var batch = 2
  var channels: Int
  var filters: Int
  var height: Int
  var width: Int
  var kernelHeight = 3
  var kernelWidth = 3
  var isPeriodic = false

  init(
    _ channels: Int, _ filters: Int, _ height: Int, _ width: Int, kernel: Int = 3,
    by kernelWidth: Int? = nil, batch: Int = 2, isPeriodic: Bool = false
  ) {
    self.batch = batch
    self.channels = channels
    self.filters = filters
    self.height = height
    self.width = width
    self.kernelHeight = kernel
    self.kernelWidth = kernelWidth ?? kernel
    self.isPeriodic = isPeriodic
  }

  var testDescription: String {
    "\(batch) × \(channels) → \(filters), \(kernelHeight)×\(kernelWidth) on \(height)×\(width)"
      + (isPeriodic ? ", periodic" : "")
  }

  var pixels: Int { height * width }
  var taps: Int { kernelHeight * kernelWidth }

  // MARK: - Numbers

  var image: [Double] { numbers(batch * channels * pixels, seed: 1) }
  var kernel: [Double] { numbers(filters * channels * taps, seed: 2) }
  /// What is pulled back from the result.
  var cotangent: [Double] { numbers(batch * filters * pixels, seed: 3) }

  /// Numbers that single precision holds exactly.
  private func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Double(Float.random(in: -1...1, using: &random)) }
  }

  // MARK: - The definition

  /// The three passes, as sums over all pairs of pixels that meet.
  struct Passes {
    var result: [Double]
    var image: [Double]
    var kernel: [Double]
  }

  var definition: Passes {
    let (image, kernel, cotangent) = (image, kernel, cotangent)
    var passes = Passes(
      result: [Double](repeating: 0, count: cotangent.count),
      image: [Double](repeating: 0, count: image.count),
      kernel: [Double](repeating: 0, count: kernel.count))
    for sample in 0..<batch {
      for (pixel, other, tap) in meetings {
        for f in 0..<filters {
          let r = (sample * filters + f) * pixels + pixel
          for c in 0..<channels {
            let i = (sample * channels + c) * pixels + other
            let k = (f * channels + c) * taps + tap
            passes.result[r] += kernel[k] * image[i]
            passes.image[i] += kernel[k] * cotangent[r]
            passes.kernel[k] += cotangent[r] * image[i]
          }
        }
      }
    }
    return passes
  }

  /// Which pixel of the result meets which one of the image with which tap.
  private var meetings: [(pixel: Int, other: Int, tap: Int)] {
    var meetings: [(Int, Int, Int)] = []
    for pixel in 0..<pixels {
      for tap in 0..<taps {
        let y = place(pixel / width + tap / kernelWidth - kernelHeight / 2, on: height)
        let x = place(pixel % width + tap % kernelWidth - kernelWidth / 2, on: width)
        if let y, let x { meetings.append((pixel, y * width + x, tap)) }
      }
    }
    return meetings
  }

  private func place(_ position: Int, on extent: Int) -> Int? {
    if isPeriodic { return ((position % extent) + extent) % extent }
    return (0..<extent).contains(position) ? position : nil
  }
}
