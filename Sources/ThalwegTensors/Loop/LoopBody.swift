import ThalwegKernels

/// What one iteration of a ``Loop`` computes, traced once.
///
/// All that does not change from one iteration to the next is computed outside and shared.
package final class LoopBody: Sendable {
  /// The carried tensors before and after an iteration.
  package let carry: [Tensor]
  package let next: [Tensor]
  /// What the iteration sees of each sequence.
  package let scanned: [Tensor]
  /// What the iteration adds to each sequence of results.
  package let emitted: [Tensor]
  /// What all iterations share.
  package let shared: [Tensor]
  /// The way back: the carried tensors before an iteration from those after it.
  package let reverse: (after: [Tensor], before: [Tensor])?

  package init(
    carry: [Tensor], next: [Tensor], scanned: [Tensor], emitted: [Tensor], shared: [Tensor],
    reverse: (after: [Tensor], before: [Tensor])? = nil
  ) {
    self.carry = carry
    self.next = next
    self.scanned = scanned
    self.emitted = emitted
    self.shared = shared
    self.reverse = reverse
  }

  /// The arguments in the order of a program: carried, scanned, shared.
  package var inputs: [Tensor] { carry + scanned + shared }
}

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
  init(_ outputs: [Tensor], arguments: [Tensor]) {
    var inside = Set(arguments.compactMap { $0.node.map(ObjectIdentifier.init) })
    let order = topologicalOrder(of: outputs)
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
}

extension Tensor {
  fileprivate func isMember(of nodes: Set<ObjectIdentifier>) -> Bool {
    node.map { nodes.contains(ObjectIdentifier($0)) } ?? false
  }
}
