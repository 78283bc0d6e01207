/// What keeps the documentation from being written.
package enum DocumentationError: Error, CustomStringConvertible {
  /// A folder has no symbol graphs.
  case noSymbols(String)
  /// A file cannot be read.
  case unreadable(String)
  /// Pages or symbols that do not fit together.
  case problems([String])

  package var description: String {
    switch self {
    case .noSymbols(let folder): "there are no symbol graphs in \(folder)"
    case .unreadable(let path): "\(path) cannot be read"
    case .problems(let problems): problems.joined(separator: "\n")
    }
  }
}
