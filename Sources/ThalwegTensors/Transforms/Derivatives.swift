import ThalwegKernels

/// The cotangents of tensors from cotangents of what was computed from them: reverse mode.
///
/// nil stands for zero on both sides. The result is more graph, and so differentiable again.
package func pulledBack(
  _ outputs: [Tensor], cotangents: [Tensor?], to inputs: [Tensor]
) -> [Tensor?] {
  let order = topologicalOrder(of: outputs)
  var sums = CotangentSums()
  var active = Set(inputs.compactMap { $0.node.map(ObjectIdentifier.init) })
  for node in order where node.inputs.contains(where: { $0.isActive(active) }) {
    active.insert(ObjectIdentifier(node))
  }
  for (output, cotangent) in zip(outputs, cotangents) {
    guard let cotangent, output.isActive(active) else { continue }
    sums.add(cotangent, to: output)
  }
  let targets = Set(inputs.map { GraphRewriter.TensorKey($0) })
  for node in order.reversed() where active.contains(ObjectIdentifier(node)) {
    let cotangents = node.outputs.map { sums[$0] }
    guard cotangents.contains(where: { $0 != nil }) else { continue }
    // A tensor that is differentiated by is a beginning: nothing flows through it.
    let isTarget = node.outputs.allSatisfy { targets.contains(.init($0)) }
    guard !isTarget else { continue }
    let wanted = node.inputs.map { $0.isActive(active) }
    let call = OperationCall(inputs: node.inputs, outputs: node.outputs, wanted: wanted)
    let results = node.operation.vjp(call, cotangents: cotangents)
    for (input, (cotangent, isWanted)) in zip(node.inputs, zip(results, wanted)) {
      if let cotangent, isWanted { sums.add(cotangent, to: input) }
    }
  }
  return inputs.map { sums[$0] }
}

/// The tangents of tensors from tangents of what they were computed from: forward mode.
package func pushedForward(
  _ outputs: [Tensor], tangents: [Tensor?], from inputs: [Tensor]
) -> [Tensor?] {
  var known: [GraphRewriter.TensorKey: Tensor] = [:]
  for (input, tangent) in zip(inputs, tangents) { known[.init(input)] = tangent }
  for node in topologicalOrder(of: outputs) {
    let tangents = node.inputs.map { known[.init($0)] }
    guard tangents.contains(where: { $0 != nil }) else { continue }
    let call = OperationCall(
      inputs: node.inputs, outputs: node.outputs, wanted: node.inputs.map { _ in true })
    let results = node.operation.jvp(call, tangents: tangents)
    for (output, tangent) in zip(node.outputs, results) where known[.init(output)] == nil {
      known[.init(output)] = tangent.map { $0.matching(output) }
    }
  }
  return outputs.map { known[.init($0)] }
}

extension Tensor {
  fileprivate func isActive(_ active: Set<ObjectIdentifier>) -> Bool {
    node.map { active.contains(ObjectIdentifier($0)) } ?? false
  }

  /// A derivative in the shape and precision of what it is the derivative of.
  func matching(_ primal: Tensor) -> Tensor {
    let typed = dtype == primal.dtype ? self : to(primal.dtype)
    return typed.shape == primal.shape ? typed : typed.broadcast(to: primal.shape)
  }
}
