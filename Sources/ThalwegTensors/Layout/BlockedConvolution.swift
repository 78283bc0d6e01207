import ThalwegKernels

/// One pass of a convolution whose images and results are in blocks of channels.
///
/// The filters, and the result of the pass that computes them, are in the ordinary layout.
struct BlockedConvolution: Operation {
  var pass: ConvolutionPass
  var form: ConvolutionForm
  var name: String { "blocked " + Convolution(pass: pass, form: form).name }

  private func type(of array: ConvolutionPass, _ dtype: DType) -> TensorType {
    let type = TensorType(Convolution(pass: pass, form: form).shape(of: array), dtype)
    return array == .kernel ? type : type.blocked(along: 1)
  }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    for (input, array) in zip(inputs, Convolution.given(pass)) {
      let expected = type(of: array, inputs[0].dtype)
      require(input == expected, "\(name): the \(array) is \(input), not \(expected)")
    }
    return [type(of: pass, inputs[0].dtype)]
  }

  func lower(_ context: KernelContext) {
    var places = [pass: context.result()]
    for (index, array) in Convolution.given(pass).enumerated() {
      places[array] = context.operand(index)
    }
    guard let image = places[.image], let kernel = places[.kernel], let result = places[.result]
    else { return }
    context.builder.blockedConvolution(
      pass, image: image, kernel: kernel, result: result, form, context.outputTypes[0].dtype)
  }
}
