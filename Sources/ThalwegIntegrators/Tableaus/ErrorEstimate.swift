/// An estimate of the error of a step, h Σ eᵢ kᵢ.
public struct ErrorEstimate: Hashable, Sendable {
  /// The differences of the weights from those of the method that it is compared with.
  public let weights: [Double]
  /// The order of the method that it is compared with.
  public let order: Int

  /// Creates an estimate.
  public init(weights: [Double], order: Int) {
    self.weights = weights
    self.order = order
  }
}

/// How a source gives an estimate of the error.
enum PrintedEstimate {
  /// By the weights of a method of another order.
  case weights(CoefficientRows, order: Int)
  /// By the differences from them.
  case differences(CoefficientRows, order: Int)

  /// The estimate for a method with these weights.
  func differences(from weights: [Double]) -> ErrorEstimate {
    switch self {
    case .differences(let differences, let order):
      return ErrorEstimate(weights: differences.row, order: order)
    case .weights(let others, let order):
      let count = Swift.max(weights.count, others.row.count)
      let (these, those) = (weights.padded(to: count), others.row.padded(to: count))
      return ErrorEstimate(weights: zip(these, those).map { $0 - $1 }, order: order)
    }
  }
}

extension [Double] {
  /// The numbers followed by zeros up to a count.
  func padded(to count: Int) -> [Double] {
    self + [Double](repeating: 0, count: Swift.max(0, count - self.count))
  }
}
