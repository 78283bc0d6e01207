public import ThalwegKernels
public import ThalwegTensors

/// A convolution, a normalisation and a ramp: what opens a network and connects its blocks.
///
///     y = relu(N(K x))
///
/// - Shapes: those of the convolution.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
public struct NormalizedConvolution: Layer {
  /// The convolution, which has a bias where nothing normalises.
  public var convolution: Conv2D
  /// What follows it: a normalisation with scale and bias, or an empty ``Sequential``.
  public private(set) var normalization: any Layer

  /// The branches are walked through one by one.
  public static var branches: Branches<NormalizedConvolution> { Branches() }

  /// Creates the layer; without a seed the filters differ from run to run.
  ///
  /// - Errors: traps where channels and groups of the normalisation do not fit.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int = 3, stride: Int = 1,
    normalization: SymmetricLayer.Normalization = .batch, boundary: Boundary = .zero,
    start: InitialFilters = .bounded, arithmetic: ConvolutionArithmetic = .exact,
    seed: UInt64? = nil, dtype: DType = .float32
  ) {
    let seed = seed ?? .random(in: .min ... .max)
    convolution = Conv2D(
      channels, filters, kernel: kernel, stride: stride, boundary: boundary,
      bias: normalization == .none, arithmetic: arithmetic, seed: seed, dtype: dtype)
    if start == .published {
      convolution.weight = InitialFilters.publishedFilters(
        convolution.weight.shape, seed: seed, dtype: dtype)
    }
    self.normalization = normalization.layer(channels: filters, dtype: dtype)
  }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    convolution.collectLeaves(into: &leaves, path: leaves.path(path, "convolution"))
    normalization.collectLeaves(into: &leaves, path: leaves.path(path, "normalization"))
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    convolution.replaceLeaves(from: &source)
    normalization.replaceLeaves(from: &source)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { relu(normalized(x)) }

  /// What the ramp is taken of.
  func normalized(_ x: Tensor) -> Tensor { normalization(convolution(x)) }

  public func calibrated(on x: Tensor) -> NormalizedConvolution {
    var layer = self
    layer.normalization = normalization.calibrated(on: convolution(x))
    return layer
  }
}

extension SymmetricLayer.Normalization {
  /// What keeps the quotients of batch normalisation finite in the published networks.
  private static let publishedEpsilon = 1e-4

  /// A normalisation with scale and bias; one that does nothing where there is none.
  func layer(channels: Int, dtype: DType) -> any Layer {
    switch self {
    case .none: Sequential()
    case .instance: InstanceNormalization(channels: channels, dtype: dtype)
    case .batch:
      BatchNormalization(channels: channels, epsilon: Self.publishedEpsilon, dtype: dtype)
    case .group(let groups): GroupNormalization(groups, channels: channels, dtype: dtype)
    case .totalVariation: TotalVariationNormalization(channels: channels, dtype: dtype)
    }
  }
}
