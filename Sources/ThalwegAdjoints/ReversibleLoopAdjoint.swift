package import ThalwegTensors

/// Undoes each iteration and pulls back through it, in one body that shares all evaluations.
///
/// The iterations are cut into segments. The carried tensors before each of them are kept: the way back
/// through a segment must end there, and the next one begins with what was kept.
package final class ReversibleLoopAdjoint: LoopAdjoint {
  private let segments: Int
  private let certificate: @Sendable (Range<Int>, _ isLast: Bool) -> LoopCertificate

  /// Creates the adjoint; the certificate is that of the iterations of a segment.
  package init(
    segments: Int = 1,
    certificate: @escaping @Sendable (Range<Int>, _ isLast: Bool) -> LoopCertificate
  ) {
    self.segments = segments
    self.certificate = certificate
  }

  package func keptIterations(of count: Int) -> [Int] {
    Self.segments(of: count, segments).dropFirst().map(\.lowerBound)
  }

  /// Segments that differ by one iteration at most.
  package static func segments(of count: Int, _ segments: Int) -> [Range<Int>] {
    let parts = Swift.max(1, Swift.min(segments, count))
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }

  package func pullback(_ request: LoopPullback) -> [Tensor?] {
    guard request.loop.body.reverse != nil else {
      return DirectLoopAdjoint.shared.pullback(request)
    }
    let carries = request.loop.body.carry.count
    let ranges = Self.segments(of: request.loop.count, segments)
    var end = Array(request.outputs.prefix(carries))
    var cotangents = request.final
    var sums = request.sharedSums
    var pieces: [[ScannedSequence]] = []
    for (index, range) in ranges.enumerated().reversed() {
      // Row by row as they were kept; the first segment begins with what was given.
      func kept(_ tape: Tensor) -> Tensor { tape[index - 1] }
      let start = index == 0 ? request.initial : request.keptStates.map(kept)
      let result = pullBack(request, range, from: end, to: start, cotangents, sums)
      end = start
      cotangents = Array(result.final[carries..<2 * carries])
      sums = Array(result.final.dropFirst(2 * carries))
      pieces.append(
        zip(request.resultKinds, result.emitted).map { kind, tensors in
          kind == .stacked ? .stacked(tensors[0]) : .listed(tensors)
        })
      guard index > 0 else { break }
      cotangents = zip(cotangents, request.tape).map { sum, tape in
        tape.map { sum + kept($0) } ?? sum
      }
    }
    let scanned = request.resultKinds.indices.map { sequence in
      ScannedSequence.joined(pieces.reversed().map { $0[sequence] })
    }
    return request.assemble(initial: cotangents, sums: sums, scanned: scanned.map(\.tensors))
  }

  /// The way back through a segment.
  private func pullBack(
    _ request: LoopPullback, _ range: Range<Int>, from end: [Tensor], to start: [Tensor],
    _ cotangents: [Tensor], _ sums: [Tensor]
  ) -> LoopResult {
    let body = request.loop.body
    let carries = body.carry.count
    let count = request.loop.count
    return Loop.record(
      from: end + cotangents + sums,
      over: (request.scanned + request.emittedSequences).map { $0.part(range, of: count) },
      count: range.count, isReversed: !request.loop.isReversed,
      emittedKinds: request.resultKinds, watch: request.loop.watch?.wayBack,
      certificate: (certificate(range, range.upperBound == count), start)
    ) { carry, elements in
      let after = Array(carry.prefix(carries))
      let scanned = Array(elements.prefix(body.scanned.count))
      let pulled = request.step(
        states: Array(carry[carries..<2 * carries]), sums: Array(carry.dropFirst(2 * carries)),
        emitted: Array(elements.dropFirst(body.scanned.count)))
      let reverse = body.reverse ?? (after: [], before: [])
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
  }
}

extension ScannedSequence {
  /// Some of the elements.
  fileprivate func part(_ range: Range<Int>, of count: Int) -> ScannedSequence {
    guard range.count < count else { return self }
    return switch self {
    case .stacked(let tensor): .stacked(tensor.slice(range))
    case .listed(let tensors): .listed(Array(tensors[range]))
    }
  }

  /// The elements of several sequences of a kind, one after the other.
  fileprivate static func joined(_ parts: [ScannedSequence]) -> ScannedSequence {
    guard parts.count > 1 else { return parts[0] }
    let tensors = parts.flatMap(\.tensors)
    return parts[0].kind == .stacked ? .stacked(concatenate(tensors)) : .listed(tensors)
  }
}
