import CZlib

/// Why compressed bytes cannot be read.
package enum GunzipError: Error, Hashable {
  /// They are no gzip stream or a damaged one: the offset at which that shows.
  case corrupt(offset: Int)
  /// They end within the stream.
  case truncated
  /// They hold more than may be read.
  case tooLong(limit: Int)
}

/// The contents of a gzip file, of at most `limit` bytes.
///
/// - Source: P. Deutsch, "GZIP file format specification version 4.3", RFC 1952, 1996.
package func gunzip(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
  // 15 bits of window, and 16 for the header and checksum of gzip.
  var inflater = Inflater(windowBits: 31)
  return try inflater.inflate(bytes, limit: limit)
}

/// The contents of a deflated stream without header or checksum, of at most `limit` bytes.
///
/// - Source: P. Deutsch, "DEFLATE compressed data format specification version 1.3", RFC 1951, 1996.
package func inflate(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
  var inflater = Inflater(windowBits: -15)
  return try inflater.inflate(bytes, limit: limit)
}

/// The checksum that gzip, PNG and ZIP files use.
///
/// - Source: RFC 1952, section 8.
package func crc32(_ bytes: [UInt8]) -> UInt32 {
  UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
}

/// A stream of zlib and what has come out of it.
private struct Inflater {
  private var stream = z_stream()
  private var output: [UInt8] = []
  /// What is read and written at a time; zlib counts in 32 bits.
  private static let chunk = 1 << 20
  private let windowBits: Int32

  init(windowBits: Int32) { self.windowBits = windowBits }

  mutating func inflate(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
    let size = Int32(MemoryLayout<z_stream>.size)
    require(
      inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK, "gunzip: no memory for zlib")
    defer { inflateEnd(&stream) }
    var position = 0
    var isAtEnd = false
    // Made once: a small file may have very many streams.
    var room = [UInt8](repeating: 0, count: Self.chunk)
    while !isAtEnd {
      let (status, consumed) = advance(bytes, from: position, into: &room)
      position += consumed
      guard output.count <= limit else { throw .tooLong(limit: limit) }
      switch status {
      case Z_STREAM_END:
        // A file may hold several streams one after the other.
        isAtEnd = position == bytes.count
        guard isAtEnd || windowBits > 15 else { throw .corrupt(offset: position) }
        if !isAtEnd { inflateReset(&stream) }
      case Z_OK: break
      // There was room, so that no progress means no input.
      case Z_BUF_ERROR: throw .truncated
      default: throw .corrupt(offset: position)
      }
    }
    return output
  }

  /// Reads and writes at most a chunk.
  private mutating func advance(
    _ bytes: [UInt8], from position: Int, into room: inout [UInt8]
  ) -> (status: Int32, consumed: Int) {
    let available = Swift.min(bytes.count - position, Self.chunk)
    let capacity = room.count
    let status = bytes.withUnsafeBufferPointer { source in
      room.withUnsafeMutableBufferPointer { target in
        // Input is only read, though zlib does not say so.
        stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
        stream.avail_in = UInt32(available)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(capacity)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
    }
    output += room.prefix(capacity - Int(stream.avail_out))
    return (status, available - Int(stream.avail_in))
  }
}
