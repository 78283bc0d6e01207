import CPNG

/// PNG files by libpng.
package enum PNG {
  /// The first bytes of every file.
  package static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The pixels of a file; what is transparent is white, and 16 bits become 8.
  package static func decode(_ bytes: [UInt8]) throws(ImageCodingError) -> CodedImage {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    // libpng keeps the pointer from the first call to the second, so both are within one closure.
    let result = bytes.withUnsafeBytes { input -> Result<CodedImage, ImageCodingError> in
      Result { () throws(ImageCodingError) in
        let status = png_image_begin_read_from_memory(&control, input.baseAddress, input.count)
        guard status != 0 else { throw control.error }
        return try readPixels(&control, bytes: input.count)
      }
    }
    return try result.get()
  }

  private static func readPixels(
    _ control: inout png_image, bytes: Int
  ) throws(ImageCodingError) -> CodedImage {
    let (width, height) = (Int(control.width), Int(control.height))
    try CodedImage.checkSize(width: width, height: height, bytes: bytes)
    let isColoured = control.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
    // Otherwise 16 bits without a gamma would be taken for linear light.
    control.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    control.format = isColoured ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
    let channels = isColoured ? 3 : 1
    var samples = [UInt8](repeating: 0, count: width * height * channels)
    var white = png_color(red: 255, green: 255, blue: 255)
    let status = samples.withUnsafeMutableBytes { output in
      png_image_finish_read(
        &control, &white, output.baseAddress, png_int_32(width * channels), nil)
    }
    guard status != 0 else { throw control.error }
    return CodedImage(channels: channels, height: height, width: width, samples: samples)
  }

  /// The file of some pixels.
  package static func encode(_ image: CodedImage) throws(ImageCodingError) -> [UInt8] {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    control.width = png_uint_32(image.width)
    control.height = png_uint_32(image.height)
    control.format = image.channels == 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
    defer { png_image_free(&control) }
    let stride = png_int_32(image.width * image.channels)
    // Rows, a filter byte each, and what zlib and the chunks add to what cannot be compressed.
    let raw = image.height * (image.width * image.channels + 1)
    var bytes = [UInt8](repeating: 0, count: raw + raw / 1000 + 1024)
    var count = bytes.count
    let status = image.samples.withUnsafeBytes { samples in
      bytes.withUnsafeMutableBytes { room in
        png_image_write_to_memory(
          &control, room.baseAddress, &count, 0, samples.baseAddress, stride, nil)
      }
    }
    guard status != 0 else { throw control.error }
    return Array(bytes.prefix(count))
  }
}

extension png_image {
  /// What libpng says.
  fileprivate var error: ImageCodingError {
    let text = withUnsafeBytes(of: message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return ImageCodingError(text.isEmpty ? "damaged data" : text)
  }
}
