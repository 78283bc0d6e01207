import ThalwegKernels

/// A new argument of a trace.
package func placeholder(_ type: TensorType) -> Tensor {
  Placeholder(type: type).recorded(on: []).output(0)
}

/// Tensors as functions of placeholders, with arguments put in their place.
///
/// Where everything has a value, the result is computed at once; otherwise it is the graph.
package func resolve(
  _ outputs: [Tensor], replacing placeholders: [Tensor], by arguments: [Tensor]
) throws -> [Tensor] {
  let own = Set(placeholders.compactMap { $0.node.map(ObjectIdentifier.init) })
  let isClosed = topologicalOrder(of: outputs).allSatisfy { node in
    !(node.operation is Placeholder) || own.contains(ObjectIdentifier(node))
  }
  if isClosed, !arguments.contains(where: \.isSymbolic) {
    return try Plan(inputs: placeholders, outputs: outputs).run(arguments)
  }
  var rewriter = GraphRewriter(replacing: Array(zip(placeholders, arguments)))
  return rewriter.rewrite(outputs)
}

/// Tensors whose precision is still open brought to the precision of the others.
package func settled(_ tensors: [Tensor]) -> [Tensor] {
  let dtype = tensors.first { !$0.isLiteral }?.dtype ?? .float64
  return tensors.map { $0.isLiteral ? $0.to(dtype) : $0 }
}
