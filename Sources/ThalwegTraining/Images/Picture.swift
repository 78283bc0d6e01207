import ThalwegKernels
public import ThalwegTensors

/// A grey or coloured image of 8 bits a sample, from or for a file.
///
///     let picture = try Picture(contentsOf: "camera.png")
///     let y = picture.tensor                  // [1, 512, 512], from 0 to 1
///     try Picture(y).write(to: "copy.png")
///
/// - Errors: ``DataError`` where a file is no image that can be read, ``FileError`` where one cannot
///   be written.
public struct Picture: Hashable, Sendable {
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int
  /// The samples, channel by channel and row by row.
  public let pixels: [UInt8]

  /// Creates an image from its samples.
  ///
  /// - Errors: traps where the samples do not fill the image, or channels are not 1 or 3.
  public init(channels: Int, height: Int, width: Int, pixels: [UInt8]) {
    require(
      (channels == 1 || channels == 3) && height > 0 && width > 0
        && pixels.count == channels * height * width,
      "picture: \(pixels.count) samples for [\(channels), \(height), \(width)]")
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// Rounds numbers from 0 to 1, `[channels, height, width]`, to samples.
  ///
  /// Numbers outside are clipped; what is no number is 0.
  public init(_ tensor: Tensor) {
    require(tensor.shape.rank == 3, "picture: rank 3 expected, shape \(tensor.shape)")
    let samples = tensor.values.map { value in
      value.isNaN ? 0 : UInt8((255 * Swift.min(Swift.max(value, 0), 1)).rounded())
    }
    self.init(
      channels: tensor.shape[0], height: tensor.shape[1], width: tensor.shape[2], pixels: samples)
  }

  /// Reads a PNG or JPEG file.
  public init(contentsOf path: String) throws(DataError) {
    try self.init(bytes: try fileBytes(path, limit: 1 << 28), path: path)
  }

  /// Reads the bytes of a PNG or JPEG file.
  package init(bytes: [UInt8], path: String) throws(DataError) {
    let isPNG = bytes.starts(with: PNG.signature)
    guard isPNG || bytes.starts(with: JPEG.signature) else {
      throw DataError(path, at: .byte(0), found: "another format", expected: "PNG or JPEG")
    }
    let image: CodedImage
    do {
      image = try isPNG ? PNG.decode(bytes) : JPEG.decode(bytes)
    } catch {
      throw DataError(path, found: error.reason, expected: "a PNG or JPEG file that is whole")
    }
    self.init(
      channels: image.channels, height: image.height, width: image.width,
      pixels: image.samples.exchanged(image.height * image.width, image.channels))
  }

  /// The image with three channels.
  public var coloured: Picture {
    channels == 3
      ? self
      : Picture(channels: 3, height: height, width: width, pixels: pixels + pixels + pixels)
  }

  /// The image with one channel: the brightness that red, green and blue have for the eye.
  ///
  /// - Source: ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue.
  public var grey: Picture {
    guard channels == 3 else { return self }
    let size = height * width
    let samples = (0..<size).map { i in
      let sum = 299 * Int(pixels[i]) + 587 * Int(pixels[size + i]) + 114 * Int(pixels[2 * size + i])
      return UInt8((sum + 500) / 1000)
    }
    return Picture(channels: 1, height: height, width: width, pixels: samples)
  }

  /// The samples as numbers from 0 to 1, `[channels, height, width]` in single precision.
  public var tensor: Tensor {
    Tensor(pixels.map { Float($0) / 255 }, shape: [channels, height, width])
  }

  /// Writes a PNG file in one step.
  public func write(to path: String) throws(FileError) {
    let image = CodedImage(
      channels: channels, height: height, width: width,
      samples: pixels.exchanged(channels, height * width))
    let bytes: [UInt8]
    do {
      bytes = try PNG.encode(image)
    } catch {
      throw FileError(path: path, reason: error.reason)
    }
    try writeAtomically(bytes, to: path)
  }
}

extension [UInt8] {
  /// A matrix of some rows and columns transposed.
  fileprivate func exchanged(_ rows: Int, _ columns: Int) -> [UInt8] {
    guard rows > 1, columns > 1 else { return self }
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = self[row * columns + column] }
    }
    return result
  }
}
