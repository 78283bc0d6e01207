import ThalwegKernels

/// The axes of the channels of an operation's inputs and outputs; nil for the ordinary layout.
struct ChannelAxes: Equatable {
  var inputs: [Int?]
  var outputs: [Int?]

  /// Whether nothing is in blocks.
  var isEmpty: Bool { (inputs + outputs).allSatisfy { $0 == nil } }
}

/// The types of the inputs and outputs of an operation in the ordinary layout.
struct LayoutCall {
  var inputs: [TensorType]
  var outputs: [TensorType]
}

/// How an operation is carried out on arrays in blocks of channels.
protocol LayoutRule {
  /// The axes of all inputs and outputs from those that are known, or nil where there is no way.
  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes?

  /// What must be known of the padding of inputs.
  func demand(_ axes: ChannelAxes) -> Padding

  /// The outputs from inputs that have the layouts of the axes.
  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor]

  /// What the operation takes in either layout, in nanoseconds: a guess.
  func cost(_ call: LayoutCall, _ axes: ChannelAxes) -> (ordinary: Double, blocked: Double)
}

extension LayoutRule {
  func demand(_ axes: ChannelAxes) -> Padding { .unknown }

  func cost(_ call: LayoutCall, _ axes: ChannelAxes) -> (ordinary: Double, blocked: Double) {
    if self is any ViewOperation { return (0, 0) }
    var cost = (ordinary: 0.0, blocked: 0.0)
    for (type, axis) in zip(call.inputs + call.outputs, axes.inputs + axes.outputs) {
      cost.ordinary += LayoutCost.pass(type)
      cost.blocked += LayoutCost.pass(axis.map { type.blocked(along: $0) } ?? type)
    }
    // Where both are the same, the blocks: their neighbours are more likely to have them too.
    cost.ordinary += LayoutCost.preference
    return cost
  }
}

/// Guesses of times in nanoseconds.
enum LayoutCost {
  /// What decides where nothing else does.
  static let preference = 0.01

  /// An element-wise pass over an array that is in cache.
  static func pass(_ type: TensorType) -> Double { Double(type.bytes) / 60 }

  /// The conversion of an array into or from blocks.
  static func conversion(_ blocks: ChannelBlocks, _ dtype: DType) -> Double {
    guard !blocks.isTrivial else { return 0 }
    let elements = blocks.shape.elementCount + blocks.blockedShape.elementCount
    return 100 + Double(elements * dtype.size) / 20
  }
}

/// The rule of an operation, or nil for one that knows the ordinary layout alone.
func layoutRule(of operation: any Operation) -> (any LayoutRule)? {
  if let rule = operation as? any LayoutRule { return rule }
  if let elementwise = operation as? any ElementwiseOperation {
    return ElementwiseLayout(operation: elementwise)
  }
  return nil
}

/// The rule of all element-wise operations.
private struct ElementwiseLayout: LayoutRule {
  let operation: any ElementwiseOperation

  func axes(_ call: LayoutCall, known: ChannelAxes) -> ChannelAxes? {
    guard let axis = (known.outputs + known.inputs).compactMap({ $0 }).first else { return nil }
    return ChannelAxes(inputs: call.inputs.map { _ in axis }, outputs: [axis])
  }

  func blocked(
    _ inputs: [PlacedTensor], _ call: LayoutCall, _ axes: ChannelAxes
  ) -> [PlacedTensor] {
    guard let blocks = inputs[0].blocks else { return [] }
    return [
      PlacedTensor(
        operation.recorded(on: inputs.map(\.tensor)).output(0), in: blocks,
        padding: blocks.isPadded ? .result(operation, inputs.map(\.padding)) : .zero)
    ]
  }
}
