import ThalwegKernels

extension Shift {
  /// The shifted result of element-wise operations as their result on shifted operands.
  ///
  /// What is computed in a chain cannot be read at a distance in the same chain. It can be computed
  /// there once more, and machine code finds that it need not: it takes the values from the
  /// neighbours that it has just computed. Nil where writing the result to memory is better.
  func recomputed(_ result: Tensor) -> Tensor? {
    guard boundary == .zero, MachineCode.isAvailable, MachineCode.isAllowed,
      result.count >= Fusion.largeCount, abs(distance) <= 2,
      let node = result.node, node.operation is any ElementwiseOperation
    else { return nil }
    var recomputation = Recomputation(shift: self)
    guard let value = recomputation.shifted(result) else { return nil }
    func wide(_ number: Double) -> Tensor {
      let scalar = Tensor([number], shape: [], dtype: result.dtype)
      return Broadcast(shape: result.shape).recorded(on: [scalar]).output(0)
    }
    let isInside = recorded(on: [wide(1)]).output(0)
    return Select().recorded(on: [isInside, value, wide(0)]).output(0)
  }
}

/// Values computed from shifted operands.
///
/// What they are beyond the boundary does not matter.
private struct Recomputation {
  let shift: Shift
  private var known: [ObjectIdentifier: Tensor] = [:]
  private var operations = 0

  /// More operations than these are not done twice.
  private static let maximumOperations = 16

  init(shift: Shift) { self.shift = shift }

  mutating func shifted(_ tensor: Tensor) -> Tensor? {
    guard let node = tensor.node, node.operation is any ElementwiseOperation else {
      return operand(tensor)
    }
    if let result = known[ObjectIdentifier(node)] { return result }
    operations += 1
    guard operations <= Self.maximumOperations else { return nil }
    var inputs: [Tensor] = []
    for input in node.inputs {
      guard let moved = shifted(input) else { return nil }
      inputs.append(moved)
    }
    let result = Node(node.operation, inputs, node.types).output(0)
    known[ObjectIdentifier(node)] = result
    return result
  }

  /// What is in memory, seen at the distance.
  private func operand(_ tensor: Tensor) -> Tensor {
    switch tensor.node?.operation {
    case let broadcast as Broadcast:
      let source = tensor.node?.inputs[0].shape ?? []
      let axis = shift.axis - broadcast.shape.rank + source.rank
      return axis < 0 || source[axis] == 1 ? tensor : plain(tensor)
    case let before as Shift:
      guard let source = tensor.node?.inputs[0] else { return plain(tensor) }
      guard before.axis == shift.axis else {
        return before.recorded(on: [operand(source)]).output(0)
      }
      var both = before
      both.distance += shift.distance
      return both.distance == 0 ? source : both.recorded(on: [source]).output(0)
    default: return plain(tensor)
    }
  }

  private func plain(_ tensor: Tensor) -> Tensor {
    Shift(axis: shift.axis, distance: shift.distance, boundary: .replicated)
      .recorded(on: [tensor]).output(0)
  }
}
