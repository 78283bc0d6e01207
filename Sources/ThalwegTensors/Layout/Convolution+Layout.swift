import ThalwegKernels

extension Convolution: LayoutRule {
  /// The axis of the channels of an array, which filters have none of.
  private func axis(of array: ConvolutionPass) -> Int? { array == .kernel ? nil : 1 }

  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    guard form.isBlockable else { return nil }
    return ChannelAxes(inputs: Self.given(pass).map(axis), outputs: [axis(of: pass)])
  }

  // Padding meets filters of zeros.
  func demand(_ axes: ChannelAxes) -> Padding { .finite }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    let operation = BlockedConvolution(pass: pass, form: form)
    let tensor = operation.recorded(on: inputs.map(\.tensor)).output(0)
    guard let axis = axes.outputs[0] else { return [PlacedTensor(tensor)] }
    return [
      PlacedTensor(tensor, in: ChannelBlocks(call.outputs[0], axis: axis), padding: .zero)
    ]
  }

  func cost(_ call: LayoutCall, _ axes: ChannelAxes) -> (ordinary: Double, blocked: Double) {
    let lanes = call.inputs[0].dtype.channelsPerBlock
    func padded(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }
    let (channels, filters) =
      switch pass {
      case .result: (form.channels, padded(form.filters))
      case .image: (padded(form.channels), form.filters)
      case .kernel: (padded(form.channels), padded(form.filters))
      }
    let points = form.batch * form.resultHeight * form.resultWidth
    let taps = 2 * points * form.kernelHeight * form.kernelWidth
    let rate = 14.0 * Double(lanes)
    return (
      Double(taps * form.channels * form.filters) / (0.45 * rate),
      Double(taps * channels * filters) / rate
    )
  }
}
