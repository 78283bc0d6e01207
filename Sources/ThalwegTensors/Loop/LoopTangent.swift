import ThalwegKernels

/// The derivative of a loop along tangents of its inputs: the same loop with twice the state.
struct LoopTangent {
  let outputs: [Tensor?]

  init(_ loop: Loop, _ call: OperationCall, _ tangents: [Tensor?]) {
    let request = LoopPullback(loop, call, call.outputs.map { _ in nil })
    let (body, layout) = (loop.body, request.layout)
    let carries = body.carry.count
    func filled(_ index: Int) -> Tensor {
      tangents[index] ?? .zeros(call.inputs[index].shape, dtype: call.inputs[index].dtype)
    }
    let moving = layout.scanned.map { range in range.contains { tangents[$0] != nil } }
    let sequences = zip(layout.scanned, loop.scannedKinds).map { range, kind in
      kind == .stacked
        ? ScannedSequence.stacked(filled(range.lowerBound)) : .listed(range.map(filled))
    }
    let movingSequences = zip(sequences, moving).filter(\.1).map(\.0)
    let result = Loop.record(
      from: request.initial + (0..<carries).map(filled), over: request.scanned + movingSequences,
      count: loop.count, isReversed: loop.isReversed,
      emittedKinds: loop.emittedKinds + loop.emittedKinds
        + [SequenceKind](repeating: .stacked, count: carries), watch: loop.watch
    ) { carry, elements in
      var arrived = elements[body.scanned.count...]
      let scannedTangents = moving.map { $0 ? arrived.popFirst() : nil }
      let results = body.next + body.emitted
      let derivatives = pushedForward(
        results,
        tangents: carry.suffix(carries).map(Optional.some) + scannedTangents
          + layout.shared.map { tangents[$0] },
        from: body.inputs)
      let all =
        results
        + zip(results, derivatives).map { $1 ?? .zeros($0.shape, dtype: $0.dtype) }
      var rewriter = GraphRewriter(
        replacing: Array(
          zip(body.inputs, Array(carry.prefix(carries)) + elements.prefix(body.scanned.count)
            + request.shared)))
      let outputs = rewriter.rewrite(all)
      let half = results.count
      return (
        Array(outputs[..<carries]) + Array(outputs[half..<half + carries]),
        Array(outputs[carries..<half]) + Array(outputs[(half + carries)...])
          + Array(carry.suffix(carries))
      )
    }
    let emittedTangents = result.emitted[loop.emittedKinds.count..<2 * loop.emittedKinds.count]
    let states = result.emitted.suffix(carries).map { $0[0] }
    let kept = loop.isReversed ? loop.kept.reversed().map { loop.count - 1 - $0 } : loop.kept
    let tape = states.map { state in
      kept == Array(0..<loop.count)
        ? state : state.gathered(at: Tensor(kept.map(Double.init)), along: 0)
    }
    outputs =
      Array(result.final.suffix(carries)).map(Optional.some)
      + emittedTangents.flatMap { $0 }.map(Optional.some) + tape.map(Optional.some)
  }
}
