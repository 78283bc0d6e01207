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
    // What is outside is not rebuilt: its copies would be differentiated beside the originals.
    let inner = Hoisting(splitting: traced, arguments)
    let stored = Hoisting(
      splitting: Self.withStoredTranspositions(inner.outputs, arguments), arguments)
    var rewriter = GraphRewriter(replacing: Array(zip(inner.shared, inner.outside)))
    outputs = stored.outputs
    shared = stored.shared
    outside = rewriter.rewrite(stored.outside)
  }

  private init(splitting outputs: [Tensor], _ arguments: [Tensor]) {
    let order = topologicalOrder(of: outputs)
    var inside = Set(arguments.compactMap { $0.node.map(ObjectIdentifier.init) })
    for node in order where node.inputs.contains(where: { $0.isMember(of: inside) }) {
      inside.insert(ObjectIdentifier(node))
    }
    var border: [Tensor] = []
    var seen: Set<GraphRewriter.TensorKey> = []
    func consider(_ tensor: Tensor) {
      guard let node = tensor.node, !inside.contains(ObjectIdentifier(node)),
        seen.insert(.init(tensor)).inserted
      else { return }
      guard !(node.operation is any ViewOperation) else { return node.inputs.forEach(consider) }
      border.append(tensor)
    }
    for node in order where inside.contains(ObjectIdentifier(node)) {
      node.inputs.forEach(consider)
    }
    outputs.forEach(consider)
    let replacements = Self.replacements(of: border)
    var rewriter = GraphRewriter(replacing: Array(zip(border, replacements.each)))
    self.outputs = rewriter.rewrite(outputs)
    shared = replacements.shared
    outside = replacements.outside
  }

  /// What stands inside for each tensor of the border: one placeholder for all that are equal.
  private static func replacements(
    of border: [Tensor]
  ) -> (each: [Tensor], shared: [Tensor], outside: [Tensor]) {
    var equal = GraphRewriter()
    var known: [GraphRewriter.TensorKey: Tensor] = [:]
    var shared: [Tensor] = []
    var outside: [Tensor] = []
    let originals = equal.rewrite(border)
    let each = zip(border, originals).map { tensor, original in
      let key = GraphRewriter.TensorKey(original)
      if let same = known[key] { return same }
      let isSymbolic = tensor.node?.isSymbolic ?? false
      let replacement = isSymbolic ? placeholder(tensor.type) : computed(tensor)
      known[key] = replacement
      if isSymbolic {
        shared.append(replacement)
        outside.append(tensor)
      }
      return replacement
    }
    return (each, shared, outside)
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
