import ThalwegKernels

/// A loop body that carries the negative of some tensors.
///
/// The cotangent of what a two-step method hands on is the negative of another carried cotangent.
/// Carried with the opposite sign it is that tensor itself, and nothing has to be computed.
struct LoopSigns {
  private(set) var body: LoopBody
  /// The tensors whose negatives are carried.
  private var flipped: [Int] = []

  /// Chooses the signs of a body's carried tensors behind the first ones, which keep theirs.
  init(_ body: LoopBody, from start: Int) {
    self.body = body
    guard body.reverse == nil else { return }
    var places: [GraphRewriter.TensorKey: Int] = [:]
    for (index, tensor) in body.carry.enumerated() { places[.init(tensor)] = index }
    var sources: [Int] = []
    for index in body.carry.indices.dropFirst(start) {
      guard let node = body.next[index].node, node.operation is Negate,
        let source = places[.init(node.inputs[0])], source != index,
        !flipped.contains(source), !sources.contains(index)
      else { continue }
      flipped.append(index)
      sources.append(source)
    }
    if !flipped.isEmpty { self.body = Self.flip(flipped, sources, body) }
  }

  /// Tensors outside of the body as it carries them, or the other way round.
  func applied(to tensors: [Tensor]) -> [Tensor] {
    guard !flipped.isEmpty else { return tensors }
    return tensors.indices.map { flipped.contains($0) ? -tensors[$0] : tensors[$0] }
  }

  private static func flip(_ flipped: [Int], _ sources: [Int], _ body: LoopBody) -> LoopBody {
    var carry = body.carry
    for index in flipped { carry[index] = placeholder(carry[index].type) }
    var rewriter = GraphRewriter(
      replacing: flipped.map { ($0, -carry[$0]) }.map { (body.carry[$0], $1) }, by: signless)
    var next = rewriter.rewrite(body.next)
    for (index, source) in zip(flipped, sources) { next[index] = carry[source] }
    return LoopBody(
      carry: carry, next: next, scanned: body.scanned, emitted: rewriter.rewrite(body.emitted),
      shared: body.shared)
  }

  /// Sums and differences of negatives without them.
  private static func signless(_ operation: any Operation, _ inputs: [Tensor]) -> Tensor? {
    func positive(_ tensor: Tensor) -> Tensor? {
      tensor.node.flatMap { $0.operation is Negate ? $0.inputs[0] : nil }
    }
    switch operation {
    case is Negate: return positive(inputs[0])
    case is Subtract: return positive(inputs[1]).map { inputs[0] + $0 }
    case is Add:
      return positive(inputs[1]).map { inputs[0] - $0 }
        ?? positive(inputs[0]).map { inputs[1] - $0 }
    default: return nil
    }
  }
}
