/// What is wrong with a file of data, and where.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A place within a file.
  public enum Position: Hashable, Sendable {
    /// A line, counted from 1.
    case line(Int)
    /// A byte, counted from 0.
    case byte(Int)
  }

  /// The file or folder.
  public let path: String
  /// The place, unless it is the whole file.
  public let position: Position?
  /// What is there.
  public let found: String
  /// What should be there, or how to mend it.
  public let expected: String

  /// Creates an error.
  public init(_ path: String, at position: Position? = nil, found: String, expected: String) {
    self.path = path
    self.position = position
    self.found = found
    self.expected = expected
  }

  public var description: String {
    let place =
      switch position {
      case .line(let line): ", line \(line)"
      case .byte(let offset): ", byte \(offset)"
      case nil: ""
      }
    return "\(path)\(place): \(found); expected \(expected)"
  }
}
