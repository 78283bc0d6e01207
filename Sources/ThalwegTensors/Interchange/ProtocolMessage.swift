/// The bytes of a message of protocol buffers, field by field.
///
///     var event = ProtocolMessage()
///     event.append(1, fixed: 1.5)
///     event.append(3, "brain.Event:2")
///
/// - Source: the encoding of https://protobuf.dev/programming-guides/encoding.
package struct ProtocolMessage {
  /// Creates an empty message.
  package init() {}

  /// The message as it is sent.
  package private(set) var bytes: [UInt8] = []

  /// Appends a whole number; negative ones take ten bytes.
  package mutating func append(_ field: Int, _ value: Int) {
    append(key: field, type: 0)
    append(varint: UInt64(bitPattern: Int64(value)))
  }

  /// Appends a number of double precision.
  package mutating func append(_ field: Int, fixed value: Double) {
    append(key: field, type: 1)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// Appends a number of single precision.
  package mutating func append(_ field: Int, fixed value: Float) {
    append(key: field, type: 5)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// Appends text.
  package mutating func append(_ field: Int, _ text: String) { append(field, Array(text.utf8)) }

  /// Appends a message.
  package mutating func append(_ field: Int, _ message: ProtocolMessage) {
    append(field, message.bytes)
  }

  /// Appends bytes.
  package mutating func append(_ field: Int, _ data: [UInt8]) {
    append(key: field, type: 2)
    append(varint: UInt64(data.count))
    bytes += data
  }

  private mutating func append(key field: Int, type: Int) {
    append(varint: UInt64(field << 3 | type))
  }

  /// Seven bits a byte, the lowest first; all but the last have the eighth.
  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension [UInt8] {
  /// Appends the bytes of a number, the lowest first.
  package mutating func append(littleEndian value: some FixedWidthInteger) {
    self += (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
