import Foundation

/// Pixels as a file in Portable Network Graphics.
///
/// - Source: "Portable Network Graphics (PNG) Specification", third edition, W3C 2025; P. Deutsch,
///   "DEFLATE Compressed Data Format Specification", RFC 1951, 1996.
enum PNGFile {
  /// The file of a picture, red, green and blue of each pixel row by row.
  static func data(width: Int, height: Int, rgb: [UInt8]) -> Data {
    let header = bytes(width) + bytes(height) + [8, 2, 0, 0, 0]  // 8 bits, true color
    var rows: [UInt8] = []
    for row in 0..<height {
      // Each pixel is stored as its difference from the one above: mostly zeros.
      rows.append(2)
      for index in (3 * width * row)..<(3 * width * (row + 1)) {
        rows.append(row == 0 ? rgb[index] : rgb[index] &- rgb[index - 3 * width])
      }
    }
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return Data(
      signature + chunk("IHDR", header) + chunk("IDAT", Deflate.zlib(rows)) + chunk("IEND", []))
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bytes(content.count) + body + bytes(Int(checksum(body)))
  }

  private static func bytes(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }

  /// The cyclic redundancy check of 32 bits.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }
}
