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

  /// Checks the size that a file claims.
  static func checkSize(width: Int, height: Int) throws(ImageCodingError) {
    guard width > 0, height > 0, width <= pixelLimit, height <= pixelLimit / width else {
      throw ImageCodingError("\(width) x \(height) pixels, more than \(pixelLimit)")
    }
  }
}

/// Why an image cannot be decoded or encoded, in the words of the library that says so.
package struct ImageCodingError: Error, Hashable {
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}
