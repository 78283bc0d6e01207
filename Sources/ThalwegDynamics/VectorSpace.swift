public import ThalwegTensors

/// A tree whose values can be added and scaled: what a differential equation evolves.
///
/// Every tree of tensors is a vector space leaf by leaf, so that a state needs no code:
///
///     struct Populations: VectorSpace {
///       var prey: Tensor
///       var predators: Tensor
///       static let branches = Branches(\Populations.prey, \.predators)
///     }
public protocol VectorSpace: TensorTree {}

extension Tensor: VectorSpace {}
extension Array: VectorSpace where Element: VectorSpace {}

extension VectorSpace {
  /// The sum, leaf by leaf.
  public static func + (a: Self, b: Self) -> Self { a.zipLeaves(b) { $0 + $1 } }

  /// The difference, leaf by leaf.
  public static func - (a: Self, b: Self) -> Self { a.zipLeaves(b) { $0 - $1 } }

  /// Each leaf multiplied by a scalar.
  public static func * (factor: Tensor, a: Self) -> Self { a.mapLeaves { factor * $0 } }

  /// The state plus a weighted sum of slopes over a step.
  ///
  ///     y + h Σ wᵢ kᵢ
  ///
  /// Slopes of weight 0 are left out. Sums of many terms are written this way because the type
  /// checker gives up on five generic additions in a row.
  public func adding(_ h: Tensor, _ weights: [Double], _ slopes: [Self]) -> Self {
    var result = self
    for (weight, slope) in zip(weights, slopes) where weight != 0 {
      let factor = weight == 1 ? h : h * weight
      result = result.zipLeaves(slope) { $0 + factor * $1 }
    }
    return result
  }
}
