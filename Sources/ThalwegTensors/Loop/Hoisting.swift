import ThalwegKernels

/// Splits what iterations compute from what they share.
struct Hoisting {
  /// The outputs in terms of arguments and of `shared`.
  let outputs: [Tensor]
  /// A placeholder for each tensor that is computed once, outside.
  let shared: [Tensor]
  /// Those tensors.
  let outside: [Tensor]

  /// Moves out whatever does not depend on the arguments of the iteration.
  ///
  /// Views stay inside, where they cost nothing; what they look at moves out.
  init(_ traced: [Tensor], arguments: [Tensor]) {
    let outputs = Self.withStoredTranspositions(traced, arguments)
    let order = topologicalOrder(of: outputs)
    var inside = Set(arguments.compactMap { $0.node.map(ObjectIdentifier.init) })
    for node in order {
      let isView = node.operation is any ViewOperation
      if isView || node.inputs.contains(where: { $0.isMember(of: inside) }) {
        inside.insert(ObjectIdentifier(node))
      }
    }
    var pairs: [(Tensor, Tensor)] = []
    var seen: Set<GraphRewriter.TensorKey> = []
    func consider(_ tensor: Tensor) {
      guard let node = tensor.node, !inside.contains(ObjectIdentifier(node)),
        seen.insert(.init(tensor)).inserted
      else { return }
      pairs.append((tensor, node.isSymbolic ? placeholder(tensor.type) : Self.computed(tensor)))
    }
    for node in order where inside.contains(ObjectIdentifier(node)) {
      node.inputs.forEach(consider)
    }
    outputs.forEach(consider)
    var rewriter = GraphRewriter(replacing: pairs)
    self.outputs = rewriter.rewrite(outputs)
    shared = pairs.map(\.1).filter(\.isSymbolic)
    outside = pairs.filter { $0.1.isSymbolic }.map(\.0)
  }

  private static func computed(_ tensor: Tensor) -> Tensor { Plan.evaluate([tensor])[0] }

  /// Whether a product is faster if its second matrix is not transposed.
  ///
  /// Otherwise it is transposed by every call, and again for every piece of the rows; but a few
  /// columns of many terms are dot products, for which it is right as it is.
  private static func prefersStored(_ form: MatrixProduct) -> Bool {
    form.columns >= 8 || form.inner <= 16
  }

  /// Writes a matrix that all iterations multiply by transposed out in that order, once.
  private static func withStoredTranspositions(
    _ outputs: [Tensor], _ arguments: [Tensor]
  ) -> [Tensor] {
    var dependence = Dependence(on: arguments)
    var rewriter = GraphRewriter { operation, inputs in
      guard var product = operation as? MatrixMultiply,
        prefersStored(product.form(inputs.map(\.type)))
      else { return nil }
      var matrix = inputs[1]
      if let view = matrix.node, let transpose = view.operation as? Transpose,
        transpose.exchangesLastTwo
      {
        matrix = view.inputs[0]
        product.transposesB.toggle()
      }
      guard product.transposesB, !dependence.isVariant(matrix) else { return nil }
      product.transposesB = false
      let stored = Contiguous().recorded(on: [matrix.transposed])
      return product.recorded(on: [inputs[0], stored.output(0)]).output(0)
    }
    return rewriter.rewrite(outputs)
  }
}

/// Tells which nodes depend on given arguments.
private struct Dependence {
  private var known: [ObjectIdentifier: Bool] = [:]
  /// Keeps the nodes alive whose identities are keys.
  private var kept: [Node] = []

  init(on arguments: [Tensor]) {
    for node in arguments.compactMap(\.node) {
      known[ObjectIdentifier(node)] = true
      kept.append(node)
    }
  }

  mutating func isVariant(_ tensor: Tensor) -> Bool {
    for node in topologicalOrder(of: [tensor]) where known[ObjectIdentifier(node)] == nil {
      known[ObjectIdentifier(node)] = node.inputs.contains { input in
        input.node.map { known[ObjectIdentifier($0)] ?? false } ?? false
      }
      kept.append(node)
    }
    return tensor.node.map { known[ObjectIdentifier($0)] ?? false } ?? false
  }
}

extension Tensor {
  fileprivate func isMember(of nodes: Set<ObjectIdentifier>) -> Bool {
    node.map { nodes.contains(ObjectIdentifier($0)) } ?? false
  }
}
