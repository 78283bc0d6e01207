import ThalwegKernels

extension ONNXGraph {
  /// Appends a convolution or its transpose; the third pass only occurs in gradients.
  mutating func translate(
    _ convolution: Convolution, _ call: ONNXCall
  ) throws(ONNXError) -> String {
    let form = convolution.form
    // How far the windows reach beyond the last row and column.
    let bottom = (form.resultHeight - 1) * form.stride + form.kernelHeight - form.top - form.height
    let right = (form.resultWidth - 1) * form.stride + form.kernelWidth - form.left - form.width
    let reach = Reach(top: form.top, bottom: bottom, left: form.left, right: right)
    switch convolution.pass {
    case .result: return convolved(form, call, reach)
    case .image: return try transposed(form, call, reach)
    case .kernel: throw .unsupported(convolution.name)
    }
  }

  /// How far windows reach beyond an image.
  private struct Reach {
    var top, bottom, left, right: Int

    /// The pixels to add, in the order of ONNX.
    var pads: [Int] { [top, left, bottom, right].map { Swift.max($0, 0) } }
    /// The pixels within the image that no window reaches.
    var rest: [Int] { [bottom, right].map { Swift.max(-$0, 0) } }
  }

  private mutating func convolved(
    _ form: ConvolutionForm, _ call: ONNXCall, _ reach: Reach
  ) -> String {
    var (image, pads) = (call.inputs[0], reach.pads)
    if form.isPeriodic {
      image = wrapped(image, before: pads[0], after: pads[2], axis: 2, form.height)
      image = wrapped(image, before: pads[1], after: pads[3], axis: 3, form.width)
      pads = [0, 0, 0, 0]
    }
    return append(
      "Conv", [image, call.inputs[1]],
      [
        "strides": .integers([form.stride, form.stride]), "pads": .integers(pads),
        "group": .integer(form.groups),
      ])
  }

  private mutating func transposed(
    _ form: ConvolutionForm, _ call: ONNXCall, _ reach: Reach
  ) throws(ONNXError) -> String {
    guard form.isPeriodic else {
      return append(
        "ConvTranspose", call.inputs,
        [
          "strides": .integers([form.stride, form.stride]), "pads": .integers(reach.pads),
          "output_padding": .integers(reach.rest), "group": .integer(form.groups),
        ])
    }
    guard form.stride == 1 else {
      throw .unsupported("transposed periodic convolution with stride")
    }
    var image = append("ConvTranspose", call.inputs, ["group": .integer(form.groups)])
    image = folded(image, reach.top, reach.bottom, axis: 2, form.height)
    return folded(image, reach.left, reach.right, axis: 3, form.width)
  }

  /// What reaches beyond the ends of an axis added where it comes in again.
  private mutating func folded(
    _ x: String, _ before: Int, _ after: Int, axis: Int, _ length: Int
  ) -> String {
    func widths(_ count: Int) -> [Int] { (0..<4).map { $0 == axis ? count : 0 } }
    var sum = slice(x, before..<before + length, axis: axis)
    if before > 0 {
      let head = slice(x, 0..<before, axis: axis)
      let moved = append("Pad", [head, list(widths(length - before) + widths(0))])
      sum = append("Add", [sum, moved])
    }
    if after > 0 {
      let tail = slice(x, before + length..<before + length + after, axis: axis)
      let moved = append("Pad", [tail, list(widths(0) + widths(length - after))])
      sum = append("Add", [sum, moved])
    }
    return sum
  }
}
