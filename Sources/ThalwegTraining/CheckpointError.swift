/// Why a training cannot be resumed from a file.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file is no safetensors file.
  case file(SafetensorsError)
  /// The metadata lack a word or have a wrong one.
  case metadata(path: String, name: String, found: String?)
  /// A tensor is not the one that the model needs.
  case tensor(path: String, name: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .metadata(let path, let name, let found):
      "\(path): the metadata '\(name)' is \(found.map { "'\($0)'" } ?? "missing");"
        + " expected a checkpoint written by thalweg"
    case .tensor(let path, let name, let found, let expected):
      "\(path), tensor '\(name)': found \(found); expected \(expected) for this network"
    }
  }
}
