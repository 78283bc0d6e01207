package import ThalwegTensors

/// Undoes each iteration and pulls back through it, in one body that shares all evaluations.
package final class ReversibleLoopAdjoint: LoopAdjoint {
  private let certificate: LoopCertificate

  package init(certificate: LoopCertificate) { self.certificate = certificate }

  package func keptIterations(of count: Int) -> [Int] { [] }

  package func pullback(_ request: LoopPullback) -> [Tensor?] {
    guard let reverse = request.loop.body.reverse else {
      return DirectLoopAdjoint.shared.pullback(request)
    }
    let body = request.loop.body
    let carries = body.carry.count
    let sums = request.sharedSums
    let result = Loop.record(
      from: Array(request.outputs.prefix(carries)) + request.final + sums,
      over: request.scanned + request.emittedSequences, count: request.loop.count,
      isReversed: !request.loop.isReversed, emittedKinds: request.resultKinds,
      certificate: (certificate, request.initial)
    ) { carry, elements in
      let after = Array(carry.prefix(carries))
      let scanned = Array(elements.prefix(body.scanned.count))
      let pulled = request.step(
        states: Array(carry[carries..<2 * carries]), sums: Array(carry.dropFirst(2 * carries)),
        emitted: Array(elements.dropFirst(body.scanned.count)))
      var rewriter = GraphRewriter(
        replacing: Array(
          zip(reverse.after + body.scanned + body.shared, after + scanned + request.shared)),
        by: GraphRewriter.cancellation)
      let before = rewriter.rewrite(reverse.before)
      // What the step forth computes on its way to a state that is known already is that state.
      rewriter.replace(
        Array(zip(body.carry, before)) + zip(body.next, after).filter { !$0.0.isPlaceholder })
      let outputs = rewriter.rewrite(pulled.states + pulled.sums + pulled.scanned)
      let states = carries + sums.count
      return (before + outputs.prefix(states), Array(outputs.dropFirst(states)))
    }
    return request.assemble(
      initial: Array(result.final[carries..<2 * carries]),
      sums: Array(result.final.dropFirst(2 * carries)), scanned: result.emitted)
  }
}
