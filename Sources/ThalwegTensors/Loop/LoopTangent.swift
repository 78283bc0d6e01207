import ThalwegKernels

/// The derivative of a loop along tangents of its inputs: the same loop with twice the state.
struct LoopTangent {
  private let loop: Loop
  private let request: LoopPullback
  private let tangents: [Tensor?]
  /// Which of the scanned sequences have a tangent.
  private let moving: [Bool]

  init(_ loop: Loop, _ call: OperationCall, _ tangents: [Tensor?]) {
    self.loop = loop
    self.tangents = tangents
    request = LoopPullback(loop, call, call.outputs.map { _ in nil })
    moving = request.layout.scanned.map { range in range.contains { tangents[$0] != nil } }
  }

  private var body: LoopBody { loop.body }
  private var carries: Int { body.carry.count }

  /// The tangents of all outputs of the loop.
  var outputs: [Tensor?] {
    let kinds = loop.emittedKinds
    let result = Loop.record(
      from: request.initial + (0..<carries).map(filled), over: request.scanned + movingSequences,
      count: loop.count, isReversed: loop.isReversed,
      emittedKinds: kinds + kinds + [SequenceKind](repeating: .stacked, count: carries),
      watch: loop.watch, body: iteration)
    let emitted = result.emitted[kinds.count..<2 * kinds.count].flatMap { $0 }
    let states = result.emitted.suffix(carries).map { $0[0] }
    let tangents = Array(result.final.suffix(carries)) + emitted + states.map(tape)
    return tangents.map(Optional.some)
  }

  /// One iteration of states and tangents; it emits both, and the tangents it began with.
  private func iteration(
    _ carry: [Tensor], _ elements: [Tensor]
  ) -> (next: [Tensor], emitted: [Tensor]) {
    let state = Array(carry.prefix(carries))
    let stateTangents = Array(carry.suffix(carries))
    let scanned = Array(elements.prefix(body.scanned.count))
    var arrived = elements.dropFirst(body.scanned.count)
    let scannedTangents = moving.map { $0 ? arrived.popFirst() : nil }
    let results = body.next + body.emitted
    let derivatives = pushedForward(
      results,
      tangents: stateTangents.map(Optional.some) + scannedTangents
        + request.layout.shared.map { tangents[$0] },
      from: body.inputs)
    let rates = zip(results, derivatives).map { $1 ?? .zeros($0.shape, dtype: $0.dtype) }
    var rewriter = GraphRewriter(
      replacing: Array(zip(body.inputs, state + scanned + request.shared)))
    let outputs = rewriter.rewrite(results + rates)
    let values = Array(outputs.prefix(results.count))
    let slopes = Array(outputs.dropFirst(results.count))
    return (
      Array(values[..<carries] + slopes[..<carries]),
      Array(values[carries...] + slopes[carries...]) + stateTangents
    )
  }

  private func filled(_ index: Int) -> Tensor {
    tangents[index] ?? .zeros(request.inputs[index].shape, dtype: request.inputs[index].dtype)
  }

  private var movingSequences: [ScannedSequence] {
    zip(zip(request.layout.scanned, loop.scannedKinds), moving).filter(\.1).map { sequence, _ in
      sequence.1 == .stacked
        ? .stacked(filled(sequence.0.lowerBound)) : .listed(sequence.0.map(filled))
    }
  }

  /// The rows of a tangent before every iteration that the loop's own tape has.
  private func tape(_ states: Tensor) -> Tensor {
    let kept = loop.isReversed ? loop.kept.reversed().map { loop.count - 1 - $0 } : loop.kept
    if kept == Array(0..<loop.count) { return states }
    return states.gathered(at: Tensor(kept.map(Double.init)), along: 0)
  }
}
