import ThalwegKernels

/// A tensor of the rewritten graph in one of its layouts.
struct PlacedTensor {
  /// The numbers, with an axis more where they are in blocks.
  var tensor: Tensor
  /// The layout, or nil for the ordinary one.
  var blocks: ChannelBlocks?
  /// What is in the padding.
  var padding = Padding.zero

  /// A tensor in the ordinary layout.
  init(_ tensor: Tensor) { self.tensor = tensor }

  /// A tensor in blocks.
  init(_ tensor: Tensor, in blocks: ChannelBlocks, padding: Padding) {
    self.tensor = tensor
    self.blocks = blocks
    self.padding = blocks.isPadded ? padding : .zero
  }

  /// The tensor with zeros in its padding.
  var masked: PlacedTensor {
    guard let blocks, padding != .zero else { return self }
    let mask = blocks.mask(tensor.dtype)
    let zero = Tensor([0], shape: [], dtype: tensor.dtype)
    let operands = [mask, tensor, zero].map { operand in
      operand.shape == tensor.shape
        ? operand : Broadcast(shape: tensor.shape).recorded(on: [operand]).output(0)
    }
    return PlacedTensor(Select().recorded(on: operands).output(0), in: blocks, padding: .zero)
  }
}

extension ChannelBlocks {
  /// Ones at the channels and zeros in the padding.
  func mask(_ dtype: DType) -> Tensor {
    let values = (0..<count * lanes).map { $0 < channels ? 1.0 : 0 }
    let trailing = [Int](repeating: 1, count: shape.rank - axis - 1)
    return Tensor(values, shape: Shape([count] + trailing + [lanes]), dtype: dtype)
  }
}
