/// What is wrong with a file of tensors.
public struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of damage.
  public enum Reason: Hashable, Sendable {
    /// The file cannot be read.
    case unreadable(String)
    /// The file ends before its header does, or the header is longer than any that is meant.
    case headerLength(UInt64, fileSize: Int)
    /// The header is no JSON of the kind that is expected: where, and why.
    case header(offset: Int, String)
    /// An entry of the header is wrong: which, and why.
    case entry(String, String)
    /// The data are longer or shorter than the tensors: bytes found and expected.
    case dataLength(found: Int, expected: Int)
  }

  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: Reason

  /// Creates an error.
  public init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .unreadable(let text): "\(path): \(text)"
    case .headerLength(let length, let size):
      "\(path), byte 0: a header of \(length) bytes does not fit a file of \(size);"
        + " expected a safetensors file"
    case .header(let offset, let text): "\(path), byte \(offset): the header is wrong: \(text)"
    case .entry(let name, let text): "\(path), tensor '\(name)': \(text)"
    case .dataLength(let found, let expected):
      "\(path): \(found) bytes of data, expected \(expected) for the tensors of the header"
    }
  }
}
