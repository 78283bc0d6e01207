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
  /// Channels, height and width.
  public let channels: Int
  public let height: Int
  public let width: Int
  /// The number of classes.
  public let classCount: Int
  /// The pixel that stands for 1.
  public let maximum: UInt8

  /// Creates a data set.
  ///
  /// - Errors: traps where the pixels do not fill the images, or a class is none.
  public init(
    pixels: [UInt8], classes: [UInt8], channels: Int = 1, height: Int, width: Int, classCount: Int,
    maximum: UInt8 = 255
  ) {
    require(
      pixels.count == classes.count * channels * height * width,
      "dataset: \(pixels.count) pixels for \(classes.count) images"
        + " of [\(channels), \(height), \(width)]")
    require(
      classes.allSatisfy { $0 < classCount } && maximum > 0,
      "dataset: a class is not below \(classCount), or the maximum is 0")
    self.pixels = pixels
    self.classes = classes
    self.channels = channels
    self.height = height
    self.width = width
    self.classCount = classCount
    self.maximum = maximum
  }

  /// The number of images.
  public var count: Int { classes.count }

  /// The shape of an image: channels, height, width.
  public var imageShape: [Int] { [channels, height, width] }

  /// All images as numbers from 0 to 1, `[n, channels, height, width]` in single precision.
  public var images: Tensor { images(at: Array(0..<count)) }

  /// The classes of all images, `[n]` in single precision.
  public var labels: Tensor { labels(at: Array(0..<count)) }

  /// Some of the labels.
  public func labels(at indices: [Int]) -> Tensor {
    Tensor(indices.map { Float(classes[$0]) }, shape: [indices.count])
  }

  /// Some of the images, each moved by a number of rows and columns; 0 is what comes into view.
  public func images(at indices: [Int], shifts: [(rows: Int, columns: Int)] = []) -> Tensor {
    require(
      shifts.isEmpty || shifts.count == indices.count,
      "images: \(shifts.count) shifts for \(indices.count) images")
    let numbers = (0...255).map { Float($0) / Float(maximum) }
    let size = channels * height * width
    var values = [Float](repeating: 0, count: indices.count * size)
    for (place, index) in indices.enumerated() {
      let (from, to) = (index * size, place * size)
      guard !shifts.isEmpty, shifts[place] != (0, 0) else {
        for i in 0..<size { values[to + i] = numbers[Int(pixels[from + i])] }
        continue
      }
      let (rows, columns) = shifts[place]
      for line in 0..<channels * height {
        let row = line % height - rows
        guard 0 <= row, row < height else { continue }
        let (source, target) = (from + (line - rows) * width, to + line * width)
        for column in 0..<width where 0 <= column - columns && column - columns < width {
          values[target + column] = numbers[Int(pixels[source + column - columns])]
        }
      }
    }
    return Tensor(values, shape: [indices.count, channels, height, width])
  }
}
