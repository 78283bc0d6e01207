import ThalwegTraining

extension JSON {
  /// A number, or null.
  static func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

  /// A whole number, or null.
  static func optional(_ value: Int?) -> JSON { value.map { .integer($0) } ?? .null }

  /// A text, or null.
  static func optional(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }

  /// A truth value, or null.
  static func optional(_ value: Bool?) -> JSON { value.map { .boolean($0) } ?? .null }

  /// An object of the members of others, in order.
  static func object(joining parts: [KeyValuePairs<String, JSON>]) -> JSON {
    .object(parts.flatMap { $0.map { Member(name: $0.key, value: $0.value) } })
  }
}
