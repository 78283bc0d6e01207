/// Arguments that an example does not have.
public enum OptionsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A flag that there is not.
  case unknownFlag(String)
  /// An argument behind the last one.
  case unknownArgument(String)

  public var description: String {
    switch self {
    case .unknownFlag(let flag): "there is no flag '\(flag)'; there are --quick and --help"
    case .unknownArgument(let argument):
      "'\(argument)' is one argument too many; at most two folders are taken"
    }
  }
}
