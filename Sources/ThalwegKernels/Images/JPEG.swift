import CTurboJPEG

/// JPEG files by libjpeg-turbo.
package enum JPEG {
  /// The first bytes of every file.
  package static let signature: [UInt8] = [0xff, 0xd8, 0xff]

  /// The pixels of a file.
  package static func decode(_ bytes: [UInt8]) throws(ImageCodingError) -> CodedImage {
    guard let decoder = tjInitDecompress() else { throw ImageCodingError("no memory") }
    defer { tjDestroy(decoder) }
    var (width, height, sampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
    let status = bytes.withUnsafeBufferPointer { input in
      tjDecompressHeader3(
        decoder, input.baseAddress, UInt(input.count), &width, &height, &sampling, &space)
    }
    guard status == 0 else { throw failure(of: decoder) }
    try CodedImage.checkSize(width: Int(width), height: Int(height), bytes: bytes.count)
    let isGrey = space == Int32(TJCS_GRAY.rawValue)
    let format = isGrey ? TJPF_GRAY : TJPF_RGB
    let channels = isGrey ? 1 : 3
    var samples = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
    let decoded = bytes.withUnsafeBufferPointer { input in
      samples.withUnsafeMutableBufferPointer { output in
        // Where a decoder may choose, the exact transform makes all machines agree.
        tjDecompress2(
          decoder, input.baseAddress, UInt(input.count), output.baseAddress, width, 0, height,
          format.rawValue, TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING)
      }
    }
    guard decoded == 0 else { throw failure(of: decoder) }
    return CodedImage(channels: channels, height: Int(height), width: Int(width), samples: samples)
  }

  private static func failure(of decoder: tjhandle) -> ImageCodingError {
    ImageCodingError(tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "damaged data")
  }
}
