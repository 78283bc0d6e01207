import ThalwegKernels
public import ThalwegTensors

/// Labelled images of 8 bits a pixel.
///
///     let (training, test) = (Dataset.optdigits.training, Dataset.optdigits.test)
///     training.images   // [3823, 1, 8, 8], from 0 to 1
///     training.labels   // [3823], the class of each image
///
/// Pixels are kept as bytes and become numbers batch by batch.
public struct Dataset: Sendable {
  /// The pixels of all images in row-major order.
  public let pixels: [UInt8]
  /// The class of each image.
  public let classes: [UInt8]
  /// The channels of an image.
  public let channels: Int
  /// The rows of an image.
  public let height: Int
  /// The columns of an image.
  public let width: Int
  /// The number of classes.
  public let classCount: Int
  /// The pixel that stands for 1.
  public let maximum: UInt8
  /// What each class is called; its number where nothing better is known.
  public let classNames: [String]
  /// Whether each image has mean 0 and standard deviation 1.
  public private(set) var isStandardized: Bool

  /// Creates a data set.
  ///
  /// - Errors: traps where the pixels do not fill the images, a class is none, or names are not as
  ///   many as classes.
  public init(
    pixels: [UInt8], classes: [UInt8], channels: Int = 1, height: Int, width: Int, classCount: Int,
    maximum: UInt8 = 255, classNames: [String]? = nil
  ) {
    require(
      pixels.count == classes.count * channels * height * width,
      "dataset: \(pixels.count) pixels for \(classes.count) images"
        + " of [\(channels), \(height), \(width)]")
    require(
      classes.allSatisfy { $0 < classCount } && maximum > 0,
      "dataset: a class is not below \(classCount), or the maximum is 0")
    let names = classNames ?? (0..<classCount).map { "\($0)" }
    require(
      names.count == classCount, "dataset: \(names.count) names for \(classCount) classes")
    self.classNames = names
    self.pixels = pixels
    self.classes = classes
    self.channels = channels
    self.height = height
    self.width = width
    self.classCount = classCount
    self.maximum = maximum
    isStandardized = false
  }

  /// The images with mean 0 and standard deviation 1, each for itself over all of its samples.
  ///
  ///     x ← (x - mean) / max(deviation, 1 / √samples)
  ///
  /// What a distortion brings in from outside is 0, the mean.
  ///
  /// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
  ///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272: the preparation of its data.
  public func standardized() -> Dataset {
    var dataset = self
    dataset.isStandardized = true
    return dataset
  }

  /// The number of images.
  public var count: Int { classes.count }

  /// The shape of an image: channels, height, width.
  public var imageShape: [Int] { [channels, height, width] }

  /// All images as numbers, from 0 to 1 unless standardised, `[n, channels, height, width]` in single precision.
  public var images: Tensor { images(at: Array(0..<count)) }

  /// The classes of all images, `[n]` in single precision.
  public var labels: Tensor { labels(at: Array(0..<count)) }

  /// Some of the labels.
  public func labels(at indices: [Int]) -> Tensor {
    Tensor(indices.map { Float(classes[$0]) }, shape: [indices.count])
  }

  /// Some of the images, each distorted in a way of its own if at all.
  public func images(at indices: [Int], distortions: [Distortion] = []) -> Tensor {
    require(
      distortions.isEmpty || distortions.count == indices.count,
      "images: \(distortions.count) distortions for \(indices.count) images")
    let size = channels * height * width
    let unit = (0...255).map { Float($0) / Float(maximum) }
    var values = [Float](repeating: 0, count: indices.count * size)
    for (place, index) in indices.enumerated() {
      let (from, to) = (index * size, place * size)
      let numbers = isStandardized ? standardNumbers(pixels[from..<from + size]) : unit
      if distortions.isEmpty {
        for i in 0..<size { values[to + i] = numbers[Int(pixels[from + i])] }
      } else {
        draw(index, distortions[place], into: &values, at: to, numbers)
      }
    }
    return Tensor(values, shape: [indices.count, channels, height, width])
  }

  /// The number that each pixel of an image stands for if the image is standardised.
  private func standardNumbers(_ image: ArraySlice<UInt8>) -> [Float] {
    var counts = [Int](repeating: 0, count: 256)
    for pixel in image { counts[Int(pixel)] += 1 }
    let size = Double(image.count)
    func average(_ value: (Double) -> Double) -> Double {
      counts.enumerated().reduce(0) { $0 + Double($1.element) * value(Double($1.offset)) } / size
    }
    let mean = average { $0 }
    let scale = 1 / Double(maximum)
    let deviation = average { ($0 - mean) * ($0 - mean) }.squareRoot() * scale
    let divisor = Swift.max(deviation, 1 / size.squareRoot())
    return (0...255).map { Float((Double($0) - mean) * scale / divisor) }
  }

  /// Draws a distorted image: each pixel is interpolated where it comes from.
  private func draw(
    _ index: Int, _ distortion: Distortion, into values: inout [Float], at start: Int,
    _ numbers: [Float]
  ) {
    let source = distortion.inverse(height: height, width: width)
    for row in 0..<height {
      for column in 0..<width {
        let (y, x) = source(Double(row), Double(column))
        // Far outside there is nothing, and no Int either.
        guard y > -1, x > -1, y < Double(height), x < Double(width) else { continue }
        let (top, left) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
        let (down, right) = (Float(y - Double(top)), Float(x - Double(left)))
        for channel in 0..<channels {
          let plane = (index * channels + channel) * height
          func pixel(_ row: Int, _ column: Int) -> Float {
            guard row >= 0, row < height, column >= 0, column < width else { return 0 }
            return numbers[Int(pixels[(plane + row) * width + column])]
          }
          let upper = (1 - right) * pixel(top, left) + right * pixel(top, left + 1)
          let lower = (1 - right) * pixel(top + 1, left) + right * pixel(top + 1, left + 1)
          values[start + (channel * height + row) * width + column] =
            (1 - down) * upper + down * lower
        }
      }
    }
  }
}
