extension CaseIterable where Self: RawRepresentable<String> {
  /// The case that a flag names, if it is given.
  ///
  /// - Errors: ``Failure``, which lists the cases, where there is none of that name.
  static func named(_ flag: String, _ given: String?) throws -> Self? {
    guard let given else { return nil }
    guard let named = Self(rawValue: given) else {
      let legal = allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure.usage("--\(flag) \(given) is not known; use one of: \(legal)")
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
      let legal = forms.joined(separator: ", ")
      throw Failure.usage("--\(flag) \(given) is not known; use one of: \(legal)")
    }
    return value
  }
}
