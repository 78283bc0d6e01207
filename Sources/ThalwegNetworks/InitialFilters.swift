import ThalwegKernels
import ThalwegTensors

/// What the filters of a network are before training.
///
/// - Source: ``published`` is what the package of L. Ruthotto and E. Haber does,
///   https://github.com/XtractOpen/Meganet.m, `convKernel.initTheta`.
public enum InitialFilters: String, Hashable, Sendable, CaseIterable {
  /// Uniform numbers, such that the norm of a convolution in a block is about 1; opening and connectors
  /// as in ``Dense``. Each step has filters of its own.
  case bounded
  /// Normal numbers of variance 2 / (width × channels), where those beyond twice the deviation are drawn
  /// anew from the standard normal distribution and cut off there. All steps of a block begin with the
  /// same filters.
  case published

  /// Filters of a block, `[filters, channels, height, width]`, times a gain.
  func filters(_ shape: Shape, gain: Double, seed: UInt64, dtype: DType) -> Tensor {
    guard self == .bounded else {
      let filters = Self.publishedFilters(shape, seed: seed, dtype: dtype)
      return gain == 1 ? filters : gain * filters
    }
    // The norm of a random convolution is close to twice the root of channels × area × variance.
    let area = shape[1] * shape[2] * shape[3]
    let bound = gain / 2 * (3 / Double(area)).squareRoot()
    var random = RandomSequence(seed: seed)
    let values = (0..<shape.elementCount).map { _ in
      Double.random(in: -bound...bound, using: &random)
    }
    return Tensor(values, shape: shape, dtype: dtype)
  }

  /// Filters by the published rule.
  static func publishedFilters(_ shape: Shape, seed: UInt64, dtype: DType) -> Tensor {
    truncatedNormal(
      shape, deviation: (2 / Double(shape[3] * shape[1])).squareRoot(), redraws: true, seed: seed,
      dtype: dtype)
  }

  /// The weights of a classifier by the published rule: normal of deviation 0.1, cut off at 0.2.
  static func publishedClassifier(_ shape: Shape, seed: UInt64, dtype: DType) -> Tensor {
    truncatedNormal(shape, deviation: 0.1, redraws: false, seed: seed, dtype: dtype)
  }

  private static func truncatedNormal(
    _ shape: Shape, deviation: Double, redraws: Bool, seed: UInt64, dtype: DType
  ) -> Tensor {
    // A key is a whole number that a Double holds.
    let key = Tensor(Double(seed >> 12))
    func normal(_ stream: UInt64) -> Tensor {
      .randomNormal(shape, key: key, stream: stream)
    }
    let bound = 2 * deviation
    let first = deviation * normal(0)
    let drawn = redraws ? select(abs(first) .> Tensor(bound), normal(1), first) : first
    return min(max(drawn, Tensor(-bound)), Tensor(bound)).to(dtype)
  }
}
