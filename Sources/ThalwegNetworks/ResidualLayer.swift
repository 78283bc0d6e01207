public import ThalwegKernels
public import ThalwegTensors

/// Two convolutions beside an identity.
///
///     y ← relu(y + N₂(K₂ relu(N₁(K₁ y))))
///
/// The convolutions have filters of their own, and a ramp acts on the sum: unlike a step of a
/// ``SymmetricLayer`` it is no step of forward Euler, and nothing bounds its Jacobian.
///
/// - Cost: two convolutions.
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR
///   2016, arXiv:1512.03385, figure 5.
public struct ResidualLayer: Layer {
  /// The first convolution, with normalisation and ramp.
  public var inner: NormalizedConvolution
  /// The second one; its ramp acts behind the sum.
  public var outer: NormalizedConvolution

  public static let branches = Branches(\ResidualLayer.inner, \.outer)

  /// Creates the layer; without a seed the filters differ from run to run.
  ///
  /// - Errors: traps where channels and groups of the normalisation do not fit.
  public init(
    _ channels: Int, normalization: SymmetricLayer.Normalization = .batch,
    boundary: Boundary = .zero, start: InitialFilters = .bounded,
    arithmetic: ConvolutionArithmetic = .exact, seed: UInt64? = nil, dtype: DType = .float32
  ) {
    var seeds = RandomSequence(seed: seed ?? .random(in: .min ... .max))
    func convolution() -> NormalizedConvolution {
      NormalizedConvolution(
        channels, channels, normalization: normalization, boundary: boundary, start: start,
        arithmetic: arithmetic, seed: seeds.next(), dtype: dtype)
    }
    inner = convolution()
    outer = convolution()
  }

  public func callAsFunction(_ y: Tensor) -> Tensor { relu(y + outer.normalized(inner(y))) }

  public func calibrated(on y: Tensor) -> ResidualLayer {
    var layer = self
    layer.inner = inner.calibrated(on: y)
    layer.outer = outer.calibrated(on: layer.inner(y))
    return layer
  }
}
