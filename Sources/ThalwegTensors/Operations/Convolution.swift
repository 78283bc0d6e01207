public import ThalwegKernels

/// What lies outside an image.
public enum Boundary: String, Hashable, Sendable, CaseIterable {
  /// Pixels outside are 0.
  case zero
  /// The image repeats.
  case periodic
}

/// One pass of a convolution: any of image, kernel and result from the other two.
///
/// The three arrays meet in one trilinear form ⟨image ∗ kernel, result⟩, and each pass is its
/// derivative in the array it computes. So the derivatives of a pass are the other passes.
struct Convolution: Operation {
  var pass: ConvolutionPass
  var form: ConvolutionForm
  var name: String { pass == .result ? "convolution" : "convolution → \(pass)" }

  /// The arrays a pass is given, in order.
  static func given(_ pass: ConvolutionPass) -> [ConvolutionPass] {
    switch pass {
    case .result: [.image, .kernel]
    case .image: [.result, .kernel]
    case .kernel: [.image, .result]
    }
  }

  func shape(of array: ConvolutionPass) -> Shape {
    switch array {
    case .image: [form.batch, form.channels, form.height, form.width]
    case .kernel: [form.filters, form.channels / form.groups, form.kernelHeight, form.kernelWidth]
    case .result: [form.batch, form.filters, form.resultHeight, form.resultWidth]
    }
  }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    for (input, array) in zip(inputs, Self.given(pass)) {
      require(
        input.shape == shape(of: array) && input.dtype == inputs[0].dtype,
        "\(name): the \(array) is \(input), not \(shape(of: array))")
    }
    return [TensorType(shape(of: pass), inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) {
    var places: [ConvolutionPass: Operand] = [pass: context.result()]
    for (index, array) in Self.given(pass).enumerated() { places[array] = context.operand(index) }
    guard let image = places[.image], let kernel = places[.kernel], let result = places[.result]
    else { return }
    context.builder.convolution(
      pass, image: image, kernel: kernel, result: result, form, context.outputTypes[0].dtype)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let terms = [
      tangents[0].map { self($0, call.inputs[1]) }, tangents[1].map { self(call.inputs[0], $0) },
    ].compactMap { $0 }
    return [terms.count == 2 ? terms[0] + terms[1] : terms.first]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    guard let cotangent = cotangents[0] else { return [nil, nil] }
    let given = Self.given(pass)
    return given.indices.map { index in
      guard call.wanted[index] else { return nil }
      let known = [pass: cotangent, given[1 - index]: call.inputs[1 - index]]
      let arguments = Self.given(given[index]).compactMap { known[$0] }
      return Convolution(pass: given[index], form: form).applied(to: arguments)[0]
    }
  }
}

/// The convolution of images with a bank of filters, in the convention of deep learning.
///
///     y[b, o, i, j] = Σ x[b, c, i·s + k - p, j·s + l - p] w[o, c, k, l]
///
/// The padding is the number of rows and columns added on every side, by default half of the kernel,
/// which keeps the size of the image where the stride is 1 and the kernel odd; the boundary says
/// what these pixels are. The arithmetic trades accuracy for speed: see ``ConvolutionArithmetic``.
///
/// - Shapes: images `[batch, channels, height, width]`, filters
///   `[filters, channels / groups, height, width]`.
/// - Errors: traps where channels and groups do not fit.
public func convolution(
  _ x: Tensor, _ w: Tensor, stride: Int = 1, padding: Int? = nil, boundary: Boundary = .zero,
  groups: Int = 1, arithmetic: ConvolutionArithmetic = .exact
) -> Tensor {
  let pair = unified("convolution", [x, w])
  let form = convolutionForm(
    image: pair[0].shape, pair[1].shape, stride: stride, padding: padding, boundary: boundary,
    groups: groups, arithmetic: arithmetic)
  return Convolution(pass: .result, form: form)(pair[0], pair[1])
}

/// The exact transpose of ``convolution(_:_:stride:padding:boundary:groups:arithmetic:)`` in the image.
///
///     ⟨convolution(x, w), y⟩ = ⟨x, transposedConvolution(y, w)⟩
///
/// The size is the height and width of the image, which a stride leaves open.
///
/// - Shapes: `[batch, filters, height, width]` gives `[batch, channels, ...]`.
public func transposedConvolution(
  _ y: Tensor, _ w: Tensor, stride: Int = 1, padding: Int? = nil, boundary: Boundary = .zero,
  groups: Int = 1, size: (height: Int, width: Int)? = nil,
  arithmetic: ConvolutionArithmetic = .exact
) -> Tensor {
  let pair = unified("transposedConvolution", [y, w])
  let (y, w) = (pair[0], pair[1])
  require(
    y.rank == 4 && w.rank == 4, "transposedConvolution: shapes \(y.shape) and \(w.shape)")
  let pad = (padding ?? w.shape[2] / 2, padding ?? w.shape[3] / 2)
  let height = size?.height ?? (y.shape[2] - 1) * stride + w.shape[2] - 2 * pad.0
  let width = size?.width ?? (y.shape[3] - 1) * stride + w.shape[3] - 2 * pad.1
  let form = convolutionForm(
    image: [y.shape[0], w.shape[1] * groups, height, width], w.shape, stride: stride,
    padding: padding, boundary: boundary, groups: groups, arithmetic: arithmetic)
  return Convolution(pass: .image, form: form)(y, w)
}

private func convolutionForm(
  image: Shape, _ kernel: Shape, stride: Int, padding: Int?, boundary: Boundary, groups: Int,
  arithmetic: ConvolutionArithmetic
) -> ConvolutionForm {
  require(
    image.rank == 4 && kernel.rank == 4 && image[1] == kernel[1] * groups
      && kernel[0] % groups == 0,
    "convolution: images \(image) and filters \(kernel) in \(groups) groups")
  require(stride > 0, "convolution: stride \(stride) is not positive")
  let (top, left) = (padding ?? kernel[2] / 2, padding ?? kernel[3] / 2)
  let height = (image[2] + 2 * top - kernel[2]) / stride + 1
  let width = (image[3] + 2 * left - kernel[3]) / stride + 1
  require(
    image[2] + 2 * top >= kernel[2] && image[3] + 2 * left >= kernel[3],
    "convolution: filters \(kernel) are larger than padded images \(image)")
  return ConvolutionForm(
    batch: image[0], channels: image[1], height: image[2], width: image[3], filters: kernel[0],
    kernelHeight: kernel[2], kernelWidth: kernel[3], resultHeight: height, resultWidth: width,
    stride: stride, top: top, left: left, groups: groups, isPeriodic: boundary == .periodic,
    arithmetic: arithmetic)
}

/// The mean over square windows that do not overlap.
///
/// - Shapes: `[batch, channels, height, width]` gives `[..., height / size, width / size]`.
/// - Errors: traps where the size does not divide the image.
public func averagePool(_ x: Tensor, size: Int) -> Tensor {
  require(
    x.rank == 4 && size > 0 && x.shape[2] % size == 0 && x.shape[3] % size == 0,
    "averagePool: windows of \(size) do not tile shape \(x.shape)")
  let (height, width) = (x.shape[2] / size, x.shape[3] / size)
  let windows = x.reshaped(to: [x.shape[0], x.shape[1], height, size, width, size])
  return mean(windows, over: [3, 5])
}
