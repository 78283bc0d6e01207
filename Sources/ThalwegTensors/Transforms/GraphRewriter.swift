import ThalwegKernels

/// Rebuilds graphs with some tensors replaced, making equal nodes one.
package struct GraphRewriter {
  /// Names a tensor so that equal ones have equal keys.
  enum TensorKey: Hashable {
    case result(ObjectIdentifier, Int)
    case number(UInt64, DType)
    case storage(ObjectIdentifier, Shape)

    init(_ tensor: Tensor) {
      switch tensor.source {
      case .result(let node, let index): self = .result(ObjectIdentifier(node), index)
      case .value(let storage) where tensor.shape.rank == 0:
        self = .number(storage[0].bitPattern, tensor.dtype)
      case .value(let storage): self = .storage(ObjectIdentifier(storage), tensor.shape)
      }
    }
  }

  /// What an operation on given inputs is replaced by, or nil where it stays.
  package typealias Rule = (any Operation, [Tensor]) -> Tensor?

  private struct NodeKey: Hashable {
    var operation: AnyHashable
    var inputs: [TensorKey]
  }

  private var replacements: [TensorKey: Tensor] = [:]
  private var known: [NodeKey: Node] = [:]
  private let rule: Rule?
  /// Keeps the tensors alive whose identities are keys.
  private var kept: [Tensor] = []

  package init(replacing pairs: [(Tensor, Tensor)] = [], by rule: Rule? = nil) {
    self.rule = rule
    replace(pairs)
  }

  /// Replaces further tensors from now on.
  package mutating func replace(_ pairs: [(Tensor, Tensor)]) {
    for (old, new) in pairs {
      kept.append(old)
      replacements[TensorKey(old)] = new
    }
  }

  /// The tensors with everything they depend on rebuilt.
  package mutating func rewrite(_ tensors: [Tensor]) -> [Tensor] {
    for node in topologicalOrder(of: tensors) where !(node.operation is Placeholder) {
      let outputs = node.outputs
      if outputs.allSatisfy({ replacements[TensorKey($0)] != nil }) { continue }
      let inputs = node.inputs.map(replaced)
      let results = rebuilt(node, inputs)
      for (output, result) in zip(outputs, results) where replacements[TensorKey(output)] == nil {
        kept.append(output)
        replacements[TensorKey(output)] = result
      }
    }
    return tensors.map(replaced)
  }

  private func replaced(_ tensor: Tensor) -> Tensor { replacements[TensorKey(tensor)] ?? tensor }

  private mutating func rebuilt(_ node: Node, _ inputs: [Tensor]) -> [Tensor] {
    if let same = rule?(node.operation, inputs) {
      kept.append(same)
      return [same]
    }
    let key = NodeKey(operation: AnyHashable(node.operation), inputs: inputs.map(TensorKey.init))
    if let same = known[key] { return same.outputs }
    let copy = Node(node.operation, inputs, node.types)
    known[key] = copy
    kept += inputs
    return copy.outputs
  }

  /// x where the operation is (x - y) + y, y + (x - y), (x + y) - y or (y + x) - y.
  ///
  /// Reconstructing a state and then using it is of this form. On a way back that has a way forth, all
  /// sums were within their limits.
  package static func cancellation(_ operation: any Operation, _ inputs: [Tensor]) -> Tensor? {
    func isSame(_ a: Tensor, _ b: Tensor) -> Bool { TensorKey(a) == TensorKey(b) }
    if operation is Stored, inputs[0].node?.operation is Stored { return inputs[0] }
    if operation is Add {
      for (sum, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
        guard let inner = sum.computing, inner.operation is Subtract else { continue }
        if isSame(inner.inputs[1], other.withoutLimit) { return inner.inputs[0] }
      }
    }
    if operation is Subtract, let inner = inputs[0].computing, inner.operation is Add {
      if isSame(inner.inputs[1], inputs[1]) { return inner.inputs[0] }
      if isSame(inner.inputs[0], inputs[1]) { return inner.inputs[1] }
    }
    return nil
  }
}

extension Tensor {
  /// The node that computes what is stored.
  fileprivate var computing: Node? { node?.operation is Stored ? node?.inputs[0].node : node }

  /// What is kept within a limit.
  fileprivate var withoutLimit: Tensor {
    guard let node, node.operation is Kept else { return self }
    return node.inputs[1]
  }
}
