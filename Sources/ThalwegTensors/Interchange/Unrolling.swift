import ThalwegKernels

/// Graphs without loops and composite operations: what the same function is as a sequence of
/// primitives.
enum Unrolling {
  /// The tensors with every loop replaced by its iterations, one after the other.
  ///
  /// What is in place of a tape is never read forwards and stays.
  static func unrolled(_ tensors: [Tensor]) -> [Tensor] {
    var rewriter = GraphRewriter()
    for node in topologicalOrder(of: tensors) {
      let results: [Tensor?]
      switch node.operation {
      case let loop as Loop:
        results = iterations(of: loop, on: rewriter.rewrite(node.inputs))
      case let composite as any CompositeOperation:
        results = expansion(of: composite, on: rewriter.rewrite(node.inputs))
      default: continue
      }
      let pairs = zip(node.outputs, results).compactMap { output, result in
        result.map { (output, $0) }
      }
      rewriter.replace(pairs)
    }
    return rewriter.rewrite(tensors)
  }

  /// The output of a composite operation.
  ///
  /// It is unrolled as a function of its inputs, so that what these depend on is not rebuilt.
  private static func expansion(
    of composite: any CompositeOperation, on inputs: [Tensor]
  ) -> [Tensor] {
    let stands = inputs.map { placeholder($0.type) }
    let results = unrolled([composite.expanded(stands)])
    var rewriter = GraphRewriter(replacing: zip(stands, inputs).map { ($0, $1) })
    return rewriter.rewrite(results)
  }

  /// The outputs of a loop; nil for sequences that are stacked, and the tape.
  private static func iterations(of loop: Loop, on inputs: [Tensor]) -> [Tensor?] {
    let body = loop.body
    let layout = LoopLayout(loop)
    let step = unrolled(body.next + body.emitted)
    let shared = zip(body.shared, layout.shared.map { inputs[$0] }).map { ($0, $1) }
    var carry = Array(inputs.prefix(body.carry.count))
    var emitted = layout.emitted.map { [Tensor?](repeating: nil, count: $0.count) }
    for turn in 0..<loop.count {
      let index = loop.isReversed ? loop.count - 1 - turn : turn
      let scanned = layout.scanned.indices.map { sequence in
        let places = layout.scanned[sequence]
        return loop.scannedKinds[sequence] == .listed
          ? inputs[places.lowerBound + index] : inputs[places.lowerBound][index]
      }
      var rewriter = GraphRewriter(
        replacing: zip(body.carry, carry).map { ($0, $1) }
          + zip(body.scanned, scanned).map { ($0, $1) } + shared)
      let results = rewriter.rewrite(step)
      carry = Array(results.prefix(carry.count))
      for sequence in emitted.indices where loop.emittedKinds[sequence] == .listed {
        emitted[sequence][index] = results[carry.count + sequence]
      }
    }
    return carry + emitted.flatMap { $0 } + body.carry.map { _ in nil }
  }
}
