import ThalwegKernels

/// The adjoint that keeps every carried tensor and walks back over the tape.
///
/// The walk is itself a loop, so it can be differentiated again.
package final class DirectLoopAdjoint: LoopAdjoint {
  /// The only instance.
  package static let shared = DirectLoopAdjoint()

  private init() {}

  package func keptIterations(of count: Int) -> [Int] { Array(0..<count) }

  package func pullback(_ request: LoopPullback) -> [Tensor?] {
    pullback(request, tape: request.keptStates)
  }

  /// The pullback over the carried tensors before every iteration.
  package func pullback(_ request: LoopPullback, tape: [Tensor]) -> [Tensor?] {
    let body = request.loop.body
    let carries = body.carry.count
    let tapeCotangents = request.tape.compactMap { $0 }
    let scanned =
      tape.map(ScannedSequence.stacked) + request.scanned + request.emittedSequences
      + tapeCotangents.map(ScannedSequence.stacked)
    let sums = request.sharedSums
    let result = Loop.record(
      from: request.final + sums, over: scanned, count: request.loop.count,
      isReversed: !request.loop.isReversed, emittedKinds: request.resultKinds,
      watch: request.loop.watch?.wayBack
    ) { carry, elements in
      let emittedStart = carries + body.scanned.count
      let emitted = elements[emittedStart..<emittedStart + request.emittedSequences.count]
      let pulled = request.step(
        states: Array(carry.prefix(carries)), sums: Array(carry.dropFirst(carries)),
        emitted: Array(emitted))
      var arrived = elements[(emittedStart + emitted.count)...]
      let states = zip(pulled.states, request.tape).map { state, cotangent in
        cotangent == nil ? state : state + (arrived.popFirst() ?? 0)
      }
      // Written in the body's own placeholders; here they stand for tape, sequences and shared.
      var rewriter = GraphRewriter(
        replacing: Array(
          zip(body.carry + body.scanned, elements.prefix(emittedStart)))
          + Array(zip(body.shared, request.shared)))
      let outputs = rewriter.rewrite(states + pulled.sums + pulled.scanned)
      return (
        Array(outputs.prefix(carries + sums.count)), Array(outputs.dropFirst(carries + sums.count))
      )
    }
    return request.assemble(
      initial: Array(result.final.prefix(carries)), sums: Array(result.final.dropFirst(carries)),
      scanned: result.emitted)
  }
}
