import ThalwegKernels

extension Concatenate: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    guard let channels = (known.outputs + known.inputs).compactMap({ $0 }).first else { return nil }
    let lanes = call.outputs[0].dtype.channelsPerBlock
    let isAligned =
      axis != channels || call.inputs.dropLast().allSatisfy { $0.shape[channels] % lanes == 0 }
    guard isAligned else { return nil }
    return ChannelAxes(inputs: call.inputs.map { _ in channels }, outputs: [channels])
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let channels = axes.outputs[0] else { return [] }
    let padding = axis == channels ? inputs.last?.padding : .common(inputs.map(\.padding))
    return [
      PlacedTensor(
        recorded(on: inputs.map(\.tensor)).output(0),
        in: ChannelBlocks(call.outputs[0], axis: channels), padding: padding ?? .unknown)
    ]
  }
}

extension Pad: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    guard let channels = known.inputs[0] ?? known.outputs[0] else { return nil }
    let lanes = call.outputs[0].dtype.channelsPerBlock
    let isAligned =
      before[channels] % lanes == 0
      && (after[channels] == 0 || call.inputs[0].shape[channels] % lanes == 0)
    return isAligned ? ChannelAxes(inputs: [channels], outputs: [channels]) : nil
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let channels = axes.outputs[0], let source = inputs[0].blocks else { return [] }
    let blocks = ChannelBlocks(call.outputs[0], axis: channels)
    var (before, after) = (before + [0], after + [0])
    before[channels] /= blocks.lanes
    after[channels] = blocks.count - before[channels] - source.count
    let operation = Pad(before: before, after: after, value: value)
    return [
      PlacedTensor(
        operation.recorded(on: [inputs[0].tensor]).output(0), in: blocks,
        padding: .common([inputs[0].padding, .exact(value)]))
    ]
  }
}

extension Gather: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    guard let channels = known.inputs[0] ?? known.outputs[0], channels != axis else { return nil }
    return ChannelAxes(inputs: [channels, nil], outputs: [channels])
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let channels = axes.outputs[0] else { return [] }
    let padding: Padding = inputs[0].padding == .zero ? .zero : .unknown
    return [
      PlacedTensor(
        recorded(on: inputs.map(\.tensor)).output(0),
        in: ChannelBlocks(call.outputs[0], axis: channels), padding: padding)
    ]
  }
}
