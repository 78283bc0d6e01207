extension CaseIterable where Self: RawRepresentable<String> {
  /// The case that a flag names, if it is given.
  ///
  /// - Errors: ``Failure``, which lists the cases, where there is none of that name.
  static func named(_ flag: String, _ given: String?) throws -> Self? {
    guard let given else { return nil }
    guard let named = Self(rawValue: given) else {
      let names = allCases.map(\.rawValue)
      throw Failure.usage(
        "--\(flag) \(given) is not known\(names.proposal(for: given)); use one of: "
          + names.joined(separator: ", "))
    }
    return named
  }
}

extension LosslessStringConvertible {
  /// The value that a flag names, if it is given.
  ///
  /// - Errors: ``Failure``, which lists the forms of values, where it is none.
  static func read(_ flag: String, _ given: String?, forms: [String]) throws -> Self? {
    guard let given else { return nil }
    guard let value = Self(given) else {
      throw Failure.usage(
        "--\(flag) \(given) is not known\(forms.proposal(for: given)); use one of: "
          + forms.joined(separator: ", "))
    }
    return value
  }
}
