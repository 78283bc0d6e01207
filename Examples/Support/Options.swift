/// What an example was asked for.
public struct Options: Sendable {
  /// Where the picture goes.
  public let folder: String
  /// The folder of the data, where one was given.
  public let data: String?
  /// Whether little is computed, as in tests.
  public let isQuick: Bool

  /// Reads the arguments of a program.
  ///
  /// - Errors: ``OptionsError`` for flags that there are not, and for more than two folders.
  public init(_ arguments: [String]) throws(OptionsError) {
    let flags = arguments.filter { $0.hasPrefix("-") }
    let folders = arguments.filter { !$0.hasPrefix("-") }
    if let unknown = flags.first(where: { $0 != "--quick" }) { throw .unknownFlag(unknown) }
    guard folders.count <= 2 else { throw .unknownArgument(folders[2]) }
    folder = folders.first ?? "pictures"
    data = folders.count > 1 ? folders[1] : nil
    isQuick = !flags.isEmpty
  }
}
