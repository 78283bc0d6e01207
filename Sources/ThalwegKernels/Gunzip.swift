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
  var inflater = Inflater()
  return try inflater.inflate(bytes, limit: limit)
}

/// A stream of zlib and what has come out of it.
private struct Inflater {
  private var stream = z_stream()
  private var output: [UInt8] = []
  /// What is read and written at a time; zlib counts in 32 bits.
  private static let chunk = 1 << 20

  mutating func inflate(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
    // 15 bits of window, and 16 for the header and checksum of gzip.
    let size = Int32(MemoryLayout<z_stream>.size)
    require(inflateInit2_(&stream, 31, ZLIB_VERSION, size) == Z_OK, "gunzip: no memory for zlib")
    defer { inflateEnd(&stream) }
    var position = 0
    var isAtEnd = false
    while !isAtEnd {
      let (status, consumed) = advance(bytes, from: position)
      position += consumed
      guard output.count <= limit else { throw .tooLong(limit: limit) }
      switch status {
      case Z_STREAM_END:
        // A file may hold several streams one after the other.
        isAtEnd = position == bytes.count
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
    _ bytes: [UInt8], from position: Int
  ) -> (status: Int32, consumed: Int) {
    var input = Array(bytes[position..<Swift.min(position + Self.chunk, bytes.count)])
    var room = [UInt8](repeating: 0, count: Self.chunk)
    let (available, capacity) = (input.count, room.count)
    let status = input.withUnsafeMutableBufferPointer { source in
      room.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
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
