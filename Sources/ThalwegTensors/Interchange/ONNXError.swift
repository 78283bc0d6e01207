/// Why a function cannot be written as an ONNX graph.
public enum ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An operation has no counterpart there: its name.
  case unsupported(String)

  public var description: String {
    switch self {
    case .unsupported(let name):
      "the operation '\(name)' has no counterpart in ONNX; use an explicit method with fixed steps"
    }
  }
}
