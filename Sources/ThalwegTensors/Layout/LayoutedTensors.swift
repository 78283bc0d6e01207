import ThalwegKernels

/// The tensors of a scope while it is rebuilt, each in the layouts that were asked for.
struct LayoutedTensors {
  private struct Key: Hashable {
    var tensor: GraphRewriter.TensorKey
    var axis: Int?
    var isMasked = false
  }

  private var known: [Key: PlacedTensor] = [:]

  /// Says in which layout a tensor was computed.
  mutating func set(_ old: Tensor, to new: PlacedTensor) {
    known[Key(tensor: .init(old), axis: new.blocks?.axis)] = new
    if new.blocks != nil { origins[.init(old)] = new }
  }

  private var origins: [GraphRewriter.TensorKey: PlacedTensor] = [:]

  /// A tensor in blocks along an axis, or in the ordinary layout; converted at the first request.
  mutating func get(
    _ tensor: Tensor, along axis: Int? = nil, demand: Padding = .unknown
  ) -> PlacedTensor {
    let placed = get(tensor, along: axis)
    let needsMask =
      demand == .zero ? placed.padding != .zero : demand == .finite && placed.padding == .unknown
    guard needsMask else { return placed }
    let key = Key(tensor: .init(tensor), axis: axis, isMasked: true)
    if let masked = known[key] { return masked }
    known[key] = placed.masked
    return known[key] ?? placed
  }

  private mutating func get(_ tensor: Tensor, along axis: Int?) -> PlacedTensor {
    let key = Key(tensor: .init(tensor), axis: axis)
    if let placed = known[key] { return placed }
    let converted: PlacedTensor
    if let axis {
      converted = Self.blocked(get(tensor, along: nil).tensor, axis)
    } else if let origin = origins[key.tensor], let blocks = origin.blocks {
      converted = PlacedTensor(Self.unblocked(origin.tensor, blocks))
    } else {
      return PlacedTensor(tensor)
    }
    known[key] = converted
    return converted
  }

  private static func blocked(_ tensor: Tensor, _ axis: Int) -> PlacedTensor {
    let blocks = ChannelBlocks(tensor.type, axis: axis)
    let node =
      blocks.isTrivial
      ? Reshape(shape: blocks.blockedShape).recorded(on: [tensor])
      : Blocked(axis: axis).recorded(on: [tensor])
    let result = node.isSymbolic ? node.output(0) : Plan.evaluate(node.outputs)[0]
    return PlacedTensor(result, in: blocks, padding: .zero)
  }

  private static func unblocked(_ tensor: Tensor, _ blocks: ChannelBlocks) -> Tensor {
    let node =
      blocks.isTrivial
      ? Reshape(shape: blocks.shape).recorded(on: [tensor])
      : Unblocked(axis: blocks.axis, channels: blocks.channels).recorded(on: [tensor])
    return node.output(0)
  }
}
