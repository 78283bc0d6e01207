import CThalwegKernels

/// One pass of a convolution in terms of the kernels for the blocked layout.
///
/// The pass for the image is a convolution of the result with the adjoint kernel. That for the
/// kernel computes it in the layout in which the others want it.
struct BlockedCall {
  var pass: ConvolutionPass
  var form: ConvolutionForm
  var dtype: DType
  /// Whether Winograd's method is used.
  var isTransformed = false

  /// A call that changes the layout of a kernel.
  struct KernelStep {
    var name: String
    var function: tw_kernel
    var header: tw_packing
    var source: Operand
    var target: Operand
  }

  /// The channels that the convolution reads, and those that it writes.
  private var channels: (input: Int, output: Int) {
    pass == .image ? (form.filters, form.channels) : (form.channels, form.filters)
  }

  private var taps: Int { form.kernelHeight * form.kernelWidth }

  // MARK: - Sizes

  var inputRow: Int {
    dtype.blockedCount(channels: channels.input, pixels: form.height * form.width)
  }

  var outputRow: Int {
    dtype.blockedCount(channels: channels.output, pixels: form.height * form.width)
  }

  var packedCount: Int {
    dtype.blockedCount(channels: channels.output, pixels: channels.input * taps)
  }

  var transformedCount: Int {
    dtype.blockedCount(channels: channels.output, pixels: (channels.input + 1) * 36)
  }

  var weightCount: Int { isTransformed ? transformedCount : packedCount }

  var scratchCount: Int {
    withUnsafePointer(to: convolution) {
      Int(dtype == .float32 ? tw_winograd_scratch_f32($0) : tw_winograd_scratch_f64($0))
    }
  }

  /// The rows are the images of the batch.
  var cut: Cut {
    let flops = 2 * form.batch * outputRow * channels.input * taps
    let rate = (dtype == .float32 ? 240.0 : 120.0) * (isTransformed ? 2 : 1)
    return Cut(extent: form.batch, cost: Double(flops) / rate)
  }

  /// Whether there are enough channels to make up for the transforms, few pixels in tiles that reach
  /// beyond the image, and, where kernels are summed over tiles, many of these.
  var gainsByWinograd: Bool {
    let (rows, columns) = ((form.height + 3) / 4, (form.width + 3) / 4)
    let isWasteful = 2 * 16 * rows * columns > 3 * form.height * form.width
    return form.kernelHeight == 3 && form.kernelWidth == 3 && !isWasteful
      && Swift.min(form.channels, form.filters) >= 16
      && (pass != .kernel || form.batch * rows * columns >= 1024)
  }

  var label: String {
    "\(pass) \(form.batch) × \(form.channels) → \(form.filters),"
      + " \(form.kernelHeight)×\(form.kernelWidth) on \(form.height)×\(form.width)"
  }

  // MARK: - Calls

  /// From the plain to the packed kernel, or back where it is computed.
  func packing(from source: Operand, to target: Operand) -> KernelStep {
    var header = tw_packing()
    header.filters = Int64(form.filters)
    header.channels = Int64(form.channels)
    header.kernel_height = Int64(form.kernelHeight)
    header.kernel_width = Int64(form.kernelWidth)
    header.plain = (pass == .kernel ? target : source).encoded
    header.packed = (pass == .kernel ? source : target).encoded
    let function: tw_kernel =
      switch (pass, dtype) {
      case (.result, .float32): tw_pack_f32
      case (.result, .float64): tw_pack_f64
      case (.image, .float32): tw_pack_adjoint_f32
      case (.image, .float64): tw_pack_adjoint_f64
      case (.kernel, .float32): tw_unpack_f32
      case (.kernel, .float64): tw_unpack_f64
      }
    return KernelStep(
      name: pass == .kernel ? "unpack" : "pack", function: function, header: header,
      source: source, target: target)
  }

  /// From the packed to the transformed kernel, or the adjoint of that where it is computed.
  func transform(from source: Operand, to target: Operand) -> KernelStep {
    var header = tw_packing()
    header.filters = Int64(channels.output)
    header.channels = Int64(channels.input)
    header.kernel_height = 3
    header.kernel_width = 3
    header.packed = (pass == .kernel ? target : source).encoded
    header.transformed = (pass == .kernel ? source : target).encoded
    let function: tw_kernel =
      switch (pass, dtype) {
      case (.kernel, .float32): tw_transform_adjoint_f32
      case (.kernel, .float64): tw_transform_adjoint_f64
      case (_, .float32): tw_transform_f32
      case (_, .float64): tw_transform_f64
      }
    return KernelStep(
      name: "transform", function: function, header: header, source: source, target: target)
  }

  /// The arguments of the convolution, without operands.
  var convolution: tw_blocked_convolution {
    var header = tw_blocked_convolution()
    header.periodic = form.isPeriodic ? 1 : 0
    header.batch = Int64(form.batch)
    header.channels = Int64(channels.input)
    header.filters = Int64(channels.output)
    header.height = Int64(form.height)
    header.width = Int64(form.width)
    header.kernel_height = Int64(form.kernelHeight)
    header.kernel_width = Int64(form.kernelWidth)
    return header
  }

  var function: tw_kernel {
    switch (pass, isTransformed, dtype) {
    case (.kernel, false, .float32): tw_blocked_convolve_kernel_f32
    case (.kernel, false, .float64): tw_blocked_convolve_kernel_f64
    case (.kernel, true, .float32): tw_winograd_kernel_f32
    case (.kernel, true, .float64): tw_winograd_kernel_f64
    case (_, false, .float32): tw_blocked_convolve_f32
    case (_, false, .float64): tw_blocked_convolve_f64
    case (_, true, .float32): tw_winograd_f32
    case (_, true, .float64): tw_winograd_f64
    }
  }
}
