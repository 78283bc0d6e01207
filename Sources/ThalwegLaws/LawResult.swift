/// What a law measured on a method, beside what it allows.
///
///     for law in Catalogue.laws {
///       let result = law.check()
///       print(result.method, result.law, result.figure, result.passes)
///     }
public struct LawResult: Hashable, Sendable {
  /// The name of the method, as `verlet`.
  public let method: String
  /// The name of the law, as `order, autonomous`.
  public let law: String
  /// The error that was measured.
  public let figure: Double
  /// The largest error that the law allows.
  public let bound: Double
  /// What the figure was made of, or why there is none.
  public let note: String

  /// Whether the figure is within the bound; NaN is not.
  public var passes: Bool { figure <= bound }
}
