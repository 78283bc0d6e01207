/// A weighted sum of components that does not change in time.
///
///     Σ wᵢ yᵢ = c
///
/// Runge-Kutta methods and all others that add slopes to states keep it, up to rounding.
public struct LinearInvariant: Hashable, Sendable {
  /// The weight of each component.
  public let weights: [Double]
  /// The sum.
  public let value: Double

  /// Creates the statement that a sum keeps a value.
  public init(weights: [Double], value: Double) {
    self.weights = weights
    self.value = value
  }

  /// How far a state is from it, relative to the largest terms of the sum.
  public func defect(of values: [Double]) -> Double {
    let terms = zip(weights, values).map { $0 * $1 }
    let size = terms.map(\.magnitude).reduce(value.magnitude, maximumOrNaN)
    let difference = (terms.reduce(0, +) - value).magnitude
    return size == 0 ? difference : difference / size
  }

  /// The sum of all components.
  static func total(of count: Int, is value: Double) -> LinearInvariant {
    LinearInvariant(weights: [Double](repeating: 1, count: count), value: value)
  }
}
