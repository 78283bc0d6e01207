/// The cyclic redundancy check of Castagnoli's polynomial, 0x1EDC6F41.
///
/// - Source: G. Castagnoli, S. Braeuer, M. Herrmann, "Optimization of cyclic redundancy-check codes
///   with 24 and 32 parity bits", IEEE Trans. Commun. 41 (1993), doi:10.1109/26.231911; in this form:
///   RFC 3720, appendix B.4, which has test vectors.
package enum CRC32C {
  /// What each byte contributes, bits in reverse order.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0x82f6_3b78 : 0) }
  }

  /// The check of some bytes.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
      value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
  }
}
