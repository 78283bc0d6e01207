public import ThalwegKernels
public import ThalwegTensors

/// A convolution of images with trained filters.
///
///     y[b, o, i, j] = Σ x[b, c, i·s + k - p, j·s + l - p] w[o, c, k, l] + bias[o]
///
///     let opening = Conv2D(1, 16)                                  // 3 × 3, same size
///     let connector = Conv2D(16, 32, kernel: 1, bias: false)
///     let depthwise = Conv2D(16, 16, groups: 16, boundary: .periodic)
///
/// - Shapes: `[batch, channels, height, width]` gives `[batch, filters, ...]`; the filters are
///   `[filters, channels / groups, kernel, kernel]`.
/// - Errors: traps where channels and groups do not fit.
/// - Source: Y. LeCun et al., "Backpropagation applied to handwritten zip code recognition", Neural
///   Computation 1 (1989), doi:10.1162/neco.1989.1.4.541; the initial weights are those of
///   ``Dense``.
public struct Conv2D: Layer {
  /// The filters, `[filters, channels / groups, kernel, kernel]`.
  public var weight: Tensor
  /// What is added to each channel of the result, if anything.
  public var bias: Tensor?
  /// The distance between neighbouring windows.
  public let stride: Int
  /// The rows and columns added on every side; nil for half of the kernel.
  public let padding: Int?
  /// What the added pixels are.
  public let boundary: Boundary
  /// Into how many groups the channels are divided that do not mix.
  public let groups: Int
  /// How products are formed.
  public let arithmetic: ConvolutionArithmetic

  public static let branches = Branches(\Conv2D.weight, \.bias)

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    if let token = arithmetic.token { leaves.identify(by: token) }
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates a layer with random filters; without a seed they differ from run to run.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil,
    boundary: Boundary = .zero, groups: Int = 1, bias: Bool = true,
    arithmetic: ConvolutionArithmetic = .exact, seed: UInt64? = nil, dtype: DType = .float32
  ) {
    require(
      channels > 0 && filters > 0 && kernel > 0 && groups > 0,
      "conv2D: \(channels) channels, \(filters) filters of \(kernel), \(groups) groups")
    require(
      channels % groups == 0 && filters % groups == 0,
      "conv2D: \(groups) groups do not divide \(channels) channels and \(filters) filters")
    let area = kernel * kernel
    weight = .glorot(
      [filters, channels / groups, kernel, kernel], inputs: channels / groups * area,
      outputs: filters / groups * area, seed: seed, dtype: dtype)
    self.bias = bias ? .zeros([filters], dtype: dtype) : nil
    self.stride = stride
    self.padding = padding
    self.boundary = boundary
    self.groups = groups
    self.arithmetic = arithmetic
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = convolution(
      x, weight, stride: stride, padding: padding, boundary: boundary, groups: groups,
      arithmetic: arithmetic)
    return bias.map { y + $0.perChannel } ?? y
  }
}
