public import ThalwegKernels
public import ThalwegTensors

/// Each pixel divided by the length of the vector of its channels, which is smoothed.
///
///     y = x / √(Σ x² + ε) · scale + bias, the sum over the channels of each pixel
///
/// Without scale and bias it is the gradient of the convex function Σ √(|x|² + ε), a smoothed total
/// variation, and so it is monotone: ⟨N(a) - N(b), a - b⟩ ≥ 0. The vector of a pixel comes out
/// shorter than 1. Pixels and examples do not influence each other.
///
/// - Stability: differences grow by 1 / √ε at most, and do so near 0.
/// - Shapes: `[batch, channels, height, width]`; scale and bias are `[channels]`.
/// - Errors: traps for other ranks, and where the channels are not those of scale and bias.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (9), where ε = 0.001.
public struct TotalVariationNormalization: Layer {
  /// What each normalised channel is multiplied by, if anything.
  public var scale: Tensor?
  /// What is then added to it, if anything.
  public var bias: Tensor?
  /// What smooths the length near 0.
  public let epsilon: Double

  public static let branches = Branches(\TotalVariationNormalization.scale, \.bias)

  /// Creates the layer without parameters.
  public init(epsilon: Double = 1e-3) {
    require(epsilon > 0, "total variation normalisation: epsilon \(epsilon) is not positive")
    self.epsilon = epsilon
  }

  /// Creates the layer with a trained scale and bias for each channel, 1 and 0 to begin with.
  public init(channels: Int, epsilon: Double = 1e-3, dtype: DType = .float32) {
    self.init(epsilon: epsilon)
    scale = .ones([channels], dtype: dtype)
    bias = .zeros([channels], dtype: dtype)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4 && (scale?.count ?? x.shape[1]) == x.shape[1],
      "total variation normalisation: input \(x.shape) with a scale of \(scale?.shape ?? [])")
    let y = x * (1 / sqrt(sum(square(x), over: [1], keepingAxes: true) + epsilon))
    guard let scale, let bias else { return y }
    return y * scale.perChannel + bias.perChannel
  }
}
