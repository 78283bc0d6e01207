import ThalwegKernels

/// The rule of tensors that share memory: one layout for all of them.
struct BundleLayout: LayoutRule {
  /// The rank of the tensors inside; those outside may have further leading axes.
  let rank: Int

  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    guard let axis = channel(call, known), axis >= 0 else { return nil }
    func place(_ type: TensorType) -> Int? { axis + type.shape.rank - rank }
    return ChannelAxes(inputs: call.inputs.map(place), outputs: call.outputs.map(place))
  }

  /// The axis of the channels inside.
  func channel(_ call: LayoutCall, _ axes: ChannelAxes) -> Int? {
    zip(call.inputs + call.outputs, axes.inputs + axes.outputs).compactMap { type, axis in
      axis.map { $0 - (type.shape.rank - rank) }
    }.first
  }

  /// Never called: regions are rebuilt as a whole.
  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] { [] }

  func cost(_ call: LayoutCall, _ axes: ChannelAxes) -> (ordinary: Double, blocked: Double) {
    (0, 0)
  }
}
