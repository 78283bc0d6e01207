import ThalwegKernels

extension ChannelAxes {
  /// The axes of an operation on one array, by the way channels pass through it.
  fileprivate static func through(
    _ known: ChannelAxes, _ forward: (Int) -> Int?, _ backward: (Int) -> Int?
  ) -> ChannelAxes? {
    if let axis = known.inputs[0] {
      return forward(axis).map { ChannelAxes(inputs: [axis], outputs: [$0]) }
    }
    guard let axis = known.outputs[0] else { return nil }
    return backward(axis).map { ChannelAxes(inputs: [$0], outputs: [axis]) }
  }
}

extension PlacedTensor {
  /// A blocked tensor made of this one.
  fileprivate func mapped(
    _ operation: some Operation, _ call: LayoutCall, _ axes: ChannelAxes, padding: Padding? = nil
  ) -> [PlacedTensor] {
    guard let axis = axes.outputs[0] else { return [] }
    return [
      PlacedTensor(
        operation.recorded(on: [tensor]).output(0), in: ChannelBlocks(call.outputs[0], axis: axis),
        padding: padding ?? self.padding)
    ]
  }
}

extension StopGradient: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    .through(known, { $0 }, { $0 })
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] { inputs[0].mapped(self, call, axes) }
}

extension Stored: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    .through(known, { $0 }, { $0 })
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] { inputs[0].mapped(self, call, axes) }
}

extension Evaluation: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    .through(known, { $0 }, { $0 })
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] { inputs[0].mapped(self, call, axes) }
}

extension Transpose: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    .through(known, { order.firstIndex(of: $0) }, { order[$0] })
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    inputs[0].mapped(Transpose(order: order + [order.count]), call, axes)
  }
}

extension Reshape: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    let (old, new) = (call.inputs[0].shape, shape)
    return .through(
      known, { Self.place(of: $0, in: old, after: new) },
      { Self.place(of: $0, in: new, after: old) })
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let axis = axes.outputs[0] else { return [] }
    let blocks = ChannelBlocks(call.outputs[0], axis: axis)
    return inputs[0].mapped(Reshape(shape: blocks.blockedShape), call, axes)
  }

  /// The axis that an axis becomes: one of the same length before which there are as many elements.
  private static func place(of axis: Int, in old: Shape, after new: Shape) -> Int? {
    // One channel could be any axis of length 1.
    guard old[axis] != 1 else { return nil }
    let before = old.dimensions[..<axis].reduce(1, *)
    var product = 1
    for (place, length) in new.enumerated() {
      if product == before, length == old[axis] { return place }
      product *= length
    }
    return nil
  }
}

extension Broadcast: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    let original = call.inputs[0].shape
    let missing = shape.rank - original.rank
    guard let axis = known.outputs[0] ?? known.inputs[0].map({ $0 + missing }) else { return nil }
    let inner = axis - missing
    // A channel that is repeated needs no blocks.
    let isRepeated = inner < 0 || original[inner] == 1
    return ChannelAxes(inputs: [isRepeated ? nil : inner], outputs: [axis])
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let axis = axes.outputs[0] else { return [] }
    let blocks = ChannelBlocks(call.outputs[0], axis: axis)
    let wider = Broadcast(shape: blocks.blockedShape)
    guard inputs[0].blocks == nil else { return inputs[0].mapped(wider, call, axes) }
    let tensor = inputs[0].tensor
    var padding = Padding.finite
    if case .value(let storage) = tensor.source, storage.count == 1 { padding = .exact(storage[0]) }
    let column =
      tensor.rank == 0
      ? tensor
      : Reshape(shape: Shape(tensor.shape.dimensions + [1])).recorded(on: [tensor]).output(0)
    return PlacedTensor(column).mapped(wider, call, axes, padding: padding)
  }
}

extension Slice: LayoutRule {
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    .through(known, { $0 }, { $0 }).flatMap { axes in
      guard let axis = axes.outputs[0] else { return nil }
      return lower[axis] % call.inputs[0].dtype.channelsPerBlock == 0 ? axes : nil
    }
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let axis = axes.outputs[0], let source = inputs[0].blocks else { return [] }
    let blocks = ChannelBlocks(call.outputs[0], axis: axis)
    var (lower, upper) = (lower + [0], upper + [source.lanes])
    lower[axis] /= source.lanes
    upper[axis] = lower[axis] + blocks.count
    // Where the slice ends within a block, the channels behind it are padding.
    let isWhole = self.upper[axis] == source.channels
    return inputs[0].mapped(
      Slice(lower: lower, upper: upper), call, axes,
      padding: isWhole ? inputs[0].padding : .common([inputs[0].padding, .finite]))
  }
}
