package import ThalwegKernels

/// The channel-blocked layout of an array whose channels lie along some axis.
///
///     [.., channels, ..]  is stored as  [.., blocks, .., lanes]
///
/// A block fills a cache line. Channels that are missing in the last block are padding.
package struct ChannelBlocks: Hashable, Sendable {
  /// The axis of the channels in the ordinary layout.
  package let axis: Int
  /// The shape in the ordinary layout.
  package let shape: Shape
  /// The channels of a block.
  package let lanes: Int

  /// Creates the layout of an array of a type.
  package init(_ type: TensorType, axis: Int) {
    self.axis = axis
    shape = type.shape
    lanes = type.dtype.channelsPerBlock
  }

  package var channels: Int { shape[axis] }
  /// The number of blocks.
  package var count: Int { (channels + lanes - 1) / lanes }
  /// Whether the last block is not full.
  package var isPadded: Bool { channels % lanes != 0 }
  /// The elements before the axis of the channels, and behind it.
  package var outer: Int { shape.dimensions[..<axis].reduce(1, *) }
  package var inner: Int { shape.dimensions[(axis + 1)...].reduce(1, *) }
  /// Whether both layouts have the same elements in the same order.
  package var isTrivial: Bool { !isPadded && inner == 1 }

  /// The shape in the blocked layout.
  package var blockedShape: Shape {
    var dimensions = shape.dimensions
    dimensions[axis] = count
    return Shape(dimensions + [lanes])
  }

  /// The place in the ordinary layout of an element of the blocked one.
  package func ordinaryIndex(of element: Int) -> Int {
    let (pixel, lane) = (element / lanes, element % lanes)
    let channel = pixel / inner % count * lanes + lane
    return (pixel / inner / count * channels + channel) * inner + pixel % inner
  }
}

extension TensorType {
  /// The type of the same array in blocks of channels.
  func blocked(along axis: Int) -> TensorType {
    TensorType(ChannelBlocks(self, axis: axis).blockedShape, dtype)
  }
}
