import ThalwegKernels

extension Sum: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    channelAxes(known, dropping: axes)
  }

  // Where the channels themselves are added, padding must add nothing.
  func demand(_ axes: ChannelAxes) -> Padding { axes.outputs[0] == nil ? .zero : .unknown }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let source = inputs[0].blocks else { return [] }
    let rank = call.inputs[0].shape.rank
    guard let axis = axes.outputs[0] else {
      if self.axes.upperBound == rank {
        return [PlacedTensor(inputs[0].reduced(Sum(axes: self.axes.lowerBound..<rank + 1)))]
      }
      let lanes = PlacedTensor(inputs[0].reduced(self))
      return [PlacedTensor(lanes.reduced(Sum(axes: lanes.tensor.rank - 1..<lanes.tensor.rank)))]
    }
    let terms = source.shape.dimensions[self.axes].reduce(1, *)
    var padding = inputs[0].padding
    if case .exact(let value) = padding { padding = .exact(value * Double(terms)) }
    return [
      PlacedTensor(
        inputs[0].reduced(self), in: ChannelBlocks(call.outputs[0], axis: axis), padding: padding)
    ]
  }
}

extension MaximumOver: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    let axes = channelAxes(known, dropping: axes)
    return axes?.outputs[0] == nil ? nil : axes
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let axis = axes.outputs[0] else { return [] }
    return [
      PlacedTensor(
        inputs[0].reduced(self), in: ChannelBlocks(call.outputs[0], axis: axis),
        padding: inputs[0].padding)
    ]
  }
}

extension PlacedTensor {
  fileprivate func reduced(_ operation: some Operation) -> Tensor {
    operation.recorded(on: [tensor]).output(0)
  }
}

/// The axes of a reduction; without channels in the output where they are among the axes dropped.
private func channelAxes(_ known: ChannelAxes, dropping axes: Range<Int>) -> ChannelAxes? {
  if let axis = known.inputs[0] {
    let place = axis < axes.lowerBound ? axis : axis - axes.count
    return ChannelAxes(inputs: [axis], outputs: [axes.contains(axis) ? nil : place])
  }
  return known.outputs[0].map { axis in
    ChannelAxes(inputs: [axis < axes.lowerBound ? axis : axis + axes.count], outputs: [axis])
  }
}
