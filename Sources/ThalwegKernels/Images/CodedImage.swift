/// Pixels as image files store them: row by row, the channels of a pixel side by side.
package struct CodedImage: Hashable, Sendable {
  /// 1 for grey, 3 for red, green and blue.
  package let channels: Int
  package let height: Int
  package let width: Int
  package let samples: [UInt8]

  package init(channels: Int, height: Int, width: Int, samples: [UInt8]) {
    self.channels = channels
    self.height = height
    self.width = width
    self.samples = samples
  }

  /// The most pixels that are decoded: a few bytes of a file can ask for any amount of memory.
  static let pixelLimit = 1 << 27

  /// The most pixels that a byte of a file can stand for: Deflate makes 1032 bytes of one at most,
  /// with a bit a pixel.
  private static let pixelsInByte = 8 * 1032

  /// Checks the size that a file claims, which has so many bytes.
  static func checkSize(width: Int, height: Int, bytes: Int) throws(ImageCodingError) {
    guard width > 0, height > 0, width <= pixelLimit, height <= pixelLimit / width else {
      throw ImageCodingError("\(width) x \(height) pixels, more than \(pixelLimit)")
    }
    guard width * height / pixelsInByte <= bytes else {
      throw ImageCodingError("\(width) x \(height) pixels in \(bytes) bytes")
    }
  }
}

/// Why an image cannot be decoded or encoded, in the words of the library that says so.
package struct ImageCodingError: Error, Hashable {
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}
