/// A property that a method of the catalogue must have, ready to be measured.
///
/// - Cost: a fraction of a second each.
public struct Law: Sendable, CustomStringConvertible {
  /// An error, the largest one allowed, and a remark.
  package struct Figure {
    var value: Double
    var bound: Double
    var note = ""
  }

  /// The name of the method.
  public let method: String
  /// The name of the law.
  public let name: String
  private let measure: @Sendable () throws -> Figure

  package init(_ name: String, of method: String, measure: @escaping @Sendable () throws -> Figure)
  {
    self.name = name
    self.method = method
    self.measure = measure
  }

  /// Measures the method; what is thrown on the way counts as a failure.
  public func check() -> LawResult {
    do {
      let figure = try measure()
      return LawResult(
        method: method, law: name, figure: figure.value, bound: figure.bound, note: figure.note)
    } catch {
      return LawResult(method: method, law: name, figure: .nan, bound: 0, note: "\(error)")
    }
  }

  public var description: String { "\(method): \(name)" }
}
