/// Differences of results from reference values, relative to these.
struct BenchErrors: Encodable {
  var loss: Double?
  var lossLast: Double?
  var gradient: Double?
  var gradientInput: Double?
  var result: Double?

  enum CodingKeys: String, CodingKey {
    case loss, gradient, result
    case lossLast = "loss_last"
    case gradientInput = "gradient_input"
  }

  /// Those that were measured, with their names.
  var named: [(String, Double)] {
    [
      ("loss", loss), ("last loss", lossLast), ("gradient", gradient),
      ("input gradient", gradientInput), ("result", result),
    ].compactMap { name, error in error.map { (name, $0) } }
  }

  /// Whether each one that was measured is small; one that is no number is not.
  func isWithin(_ limits: BenchErrors) -> Bool {
    let limits = Dictionary(uniqueKeysWithValues: limits.named)
    return named.allSatisfy { $0.1 <= limits[$0.0] ?? .infinity }
  }
}
