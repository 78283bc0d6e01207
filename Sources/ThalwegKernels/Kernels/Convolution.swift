import CThalwegKernels

/// The geometry of a two-dimensional convolution between images of [batch, channels, height, width].
public struct ConvolutionForm: Hashable, Sendable {
  /// The number of images.
  public var batch: Int
  /// The channels of an image.
  public var channels: Int
  /// The rows of an image.
  public var height: Int
  /// The columns of an image.
  public var width: Int
  /// The channels of the result.
  public var filters: Int
  /// The rows of a filter.
  public var kernelHeight: Int
  /// The columns of a filter.
  public var kernelWidth: Int
  /// The rows of the result.
  public var resultHeight: Int
  /// The columns of the result.
  public var resultWidth: Int
  /// How many pixels of the image the filter moves for one of the result.
  public var stride: Int
  /// Rows added before the first one of the image.
  public var top: Int
  /// Columns added before the first one of the image.
  public var left: Int
  /// The groups of channels, each of which has filters of its own.
  public var groups: Int
  /// Whether pixels outside wrap around instead of being zero.
  public var isPeriodic: Bool
  /// How its products are formed where there is a choice.
  public var arithmetic: ConvolutionArithmetic

  /// Creates a geometry.
  public init(
    batch: Int, channels: Int, height: Int, width: Int, filters: Int, kernelHeight: Int,
    kernelWidth: Int, resultHeight: Int, resultWidth: Int, stride: Int, top: Int, left: Int,
    groups: Int, isPeriodic: Bool, arithmetic: ConvolutionArithmetic = .exact
  ) {
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    self.filters = filters
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.resultHeight = resultHeight
    self.resultWidth = resultWidth
    self.stride = stride
    self.top = top
    self.left = left
    self.groups = groups
    self.isPeriodic = isPeriodic
    self.arithmetic = arithmetic
  }
}

/// Which of the three arrays of a convolution is computed from the other two.
public enum ConvolutionPass: String, Hashable, Sendable {
  /// The result from image and kernel.
  case result
  /// The image from result and kernel: the exact adjoint.
  case image
  /// The kernel from image and result.
  case kernel
}

extension ProgramBuilder {
  /// Appends one of the three passes of a convolution.
  public mutating func convolution(
    _ pass: ConvolutionPass, image: Operand, kernel: Operand, result: Operand,
    _ form: ConvolutionForm, _ dtype: DType
  ) {
    useOneThreadOfBLAS()
    var header = form.header
    header.image = image.encoded
    header.kernel = kernel.encoded
    header.result = result.encoded
    let count = withUnsafePointer(to: header) { tw_convolution_scratch($0) }
    let scratch = temporary(count: Int(count), dtype: dtype)
    header.scratch = scratch.index
    let function: tw_kernel =
      switch (pass, dtype) {
      case (.result, .float32): tw_convolve_f32
      case (.result, .float64): tw_convolve_f64
      case (.image, .float32): tw_convolve_adjoint_f32
      case (.image, .float64): tw_convolve_adjoint_f64
      case (.kernel, .float32): tw_convolve_kernel_f32
      case (.kernel, .float64): tw_convolve_kernel_f64
      }
    append(
      function, arguments.store(header),
      form.accesses(pass, image, kernel, result, dtype) + [.scratch(scratch)], cut: form.cut(dtype),
      label: "convolution → \(pass) \(form.batch) × \(form.channels) → \(form.filters),"
        + " \(form.kernelHeight)×\(form.kernelWidth) on \(form.height)×\(form.width)")
  }
}

extension ConvolutionForm {
  /// The rows are the images of the batch.
  func cut(_ dtype: DType) -> Cut {
    let taps = channels / groups * kernelHeight * kernelWidth
    let flops = 2 * batch * filters * resultHeight * resultWidth * taps
    return Cut(extent: batch, cost: Double(flops) / (dtype == .float32 ? 150 : 75))
  }

  /// What a pass touches, in the ordinary layout.
  fileprivate func accesses(
    _ pass: ConvolutionPass, _ image: Operand, _ kernel: Operand, _ result: Operand, _ dtype: DType
  ) -> [Access] {
    let imageRow = channels * height * width
    let resultRow = filters * resultHeight * resultWidth
    let readsImage = Access.reads(image, rows: imageRow, dtype)
    let readsResult = Access.reads(result, rows: resultRow, dtype)
    switch pass {
    case .result:
      return [readsImage, .reads(kernel.slot), .writes(result, rows: resultRow, dtype)]
    case .image:
      return [readsResult, .reads(kernel.slot), .writes(image, rows: imageRow, dtype)]
    case .kernel:
      let count = filters * channels / groups * kernelHeight * kernelWidth
      return [readsImage, readsResult, .contracts(kernel, count: count, dtype)]
    }
  }

  fileprivate var header: tw_convolution {
    var header = tw_convolution()
    header.periodic = isPeriodic ? 1 : 0
    header.batch = Int64(batch)
    header.groups = Int64(groups)
    header.channels = Int64(channels)
    header.height = Int64(height)
    header.width = Int64(width)
    header.filters = Int64(filters)
    header.kernel_height = Int64(kernelHeight)
    header.kernel_width = Int64(kernelWidth)
    header.result_height = Int64(resultHeight)
    header.result_width = Int64(resultWidth)
    header.stride_y = Int64(stride)
    header.stride_x = Int64(stride)
    header.top = Int64(top)
    header.left = Int64(left)
    return header
  }
}
