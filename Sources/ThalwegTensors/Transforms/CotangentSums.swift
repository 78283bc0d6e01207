import ThalwegKernels

/// Cotangents that have arrived so far, by the tensor they belong to.
struct CotangentSums {
  /// What arrived for one tensor.
  private struct Arrivals {
    var sum: Tensor?
    /// Cotangents of slices along one axis that do not overlap.
    var parts: [Part] = []
    var axis = 0
  }

  private struct Part {
    var range: Range<Int>
    /// The cotangent of the slice.
    var inner: Tensor
    /// The same with zeros around it.
    var padded: Tensor
  }

  private var arrivals: [GraphRewriter.TensorKey: Arrivals] = [:]

  subscript(tensor: Tensor) -> Tensor? {
    guard let arrived = arrivals[.init(tensor)] else { return nil }
    return [arrived.sum, joined(arrived.parts, arrived.axis, as: tensor)].compactMap { $0 }
      .reduce(nil) { sum, term in sum.map { $0 + term } ?? term }
  }

  mutating func add(_ cotangent: Tensor, to tensor: Tensor) {
    let term = cotangent.matching(tensor)
    var arrived = arrivals[.init(tensor)] ?? Arrivals()
    if let (part, axis) = Self.part(term), arrived.parts.isEmpty || arrived.axis == axis,
      !arrived.parts.contains(where: { $0.range.overlaps(part.range) })
    {
      arrived.parts.append(part)
      arrived.axis = axis
    } else {
      arrived.sum = arrived.sum.map { $0 + term } ?? term
    }
    arrivals[.init(tensor)] = arrived
  }

  /// A cotangent that is zero outside of a range of one axis.
  private static func part(_ term: Tensor) -> (Part, axis: Int)? {
    guard let node = term.node, let pad = node.operation as? Pad, pad.value == 0 else { return nil }
    let axes = pad.before.indices.filter { pad.before[$0] + pad.after[$0] > 0 }
    guard axes.count == 1, let axis = axes.first else { return nil }
    let lower = pad.before[axis]
    let range = lower..<lower + node.inputs[0].shape[axis]
    return (Part(range: range, inner: node.inputs[0], padded: term), axis)
  }

  /// The parts side by side, rather than a sum of tensors that are mostly zero.
  private func joined(_ parts: [Part], _ axis: Int, as tensor: Tensor) -> Tensor? {
    guard parts.count > 1 else { return parts.first?.padded }
    func zeros(_ length: Int) -> Tensor {
      var shape = tensor.shape.dimensions
      shape[axis] = length
      return .zeros(Shape(shape), dtype: tensor.dtype)
    }
    var pieces: [Tensor] = []
    var end = 0
    for part in parts.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      if part.range.lowerBound > end { pieces.append(zeros(part.range.lowerBound - end)) }
      pieces.append(part.inner)
      end = part.range.upperBound
    }
    if end < tensor.shape[axis] { pieces.append(zeros(tensor.shape[axis] - end)) }
    return concatenate(pieces, along: axis)
  }
}
