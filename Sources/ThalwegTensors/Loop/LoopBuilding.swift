import ThalwegKernels

/// A sequence that a loop walks over.
package enum ScannedSequence: Sendable {
  /// Iteration j sees row j.
  case stacked(Tensor)
  /// Iteration j sees tensor j.
  case listed([Tensor])

  package var kind: SequenceKind {
    if case .stacked = self { return .stacked }
    return .listed
  }

  package var tensors: [Tensor] {
    switch self {
    case .stacked(let tensor): [tensor]
    case .listed(let tensors): tensors
    }
  }

  var length: Int {
    switch self {
    case .stacked(let tensor): tensor.shape.first ?? 0
    case .listed(let tensors): tensors.count
    }
  }

  var elementType: TensorType {
    switch self {
    case .stacked(let tensor):
      TensorType(Shape(Array(tensor.shape.dimensions.dropFirst())), tensor.dtype)
    case .listed(let tensors): tensors[0].type
    }
  }
}

/// What a loop returned.
package struct LoopResult: Sendable {
  package let final: [Tensor]
  /// Each emitted sequence, stacked or listed.
  package let emitted: [[Tensor]]
}

extension Loop {
  /// Records a loop whose body is traced here; it may use any tensor of the surroundings.
  ///
  /// The body gives the carried tensors after an iteration and what it emits; `reverse` gives the
  /// carried tensors before an iteration from those after it; the certificate says what the first
  /// carried tensors must end as.
  package static func record(
    from initial: [Tensor], over scanned: [ScannedSequence], count: Int, isReversed: Bool = false,
    emittedKinds: [SequenceKind] = [], watch: LoopGuard? = nil,
    adjoint: any LoopAdjoint = DirectLoopAdjoint.shared,
    certificate: (LoopCertificate, final: [Tensor])? = nil,
    body: ([Tensor], [Tensor]) -> (next: [Tensor], emitted: [Tensor]),
    reverse: (([Tensor], [Tensor]) -> [Tensor])? = nil
  ) -> LoopResult {
    for sequence in scanned {
      require(
        sequence.length == count,
        "loop: a sequence of \(sequence.length) elements for \(count) iterations")
    }
    let carry = initial.map { placeholder($0.type) }
    let elements = scanned.map { placeholder($0.elementType) }
    let step = body(carry, elements)
    for (before, after) in zip(carry, step.next) {
      require(
        before.type == after.type,
        "loop: an iteration turns a state of \(before.type) into \(after.type)")
    }
    let after = reverse == nil ? [] : initial.map { placeholder($0.type) }
    let before = reverse?(after, elements) ?? []
    let hoisting = Hoisting(
      step.next + step.emitted + before, arguments: carry + elements + after)
    let outputs = hoisting.outputs
    let traced = LoopBody(
      carry: carry, next: Array(outputs.prefix(carry.count)), scanned: elements,
      emitted: Array(outputs[carry.count..<carry.count + step.emitted.count]),
      shared: hoisting.shared,
      reverse: reverse == nil ? nil : (after, Array(outputs.suffix(before.count))))
    let fixed = Swift.max(watch?.count ?? 0, certificate?.final.count ?? 0)
    let signs = LoopSigns(traced, from: fixed)
    let loop = Loop(
      body: signs.body, count: count, isReversed: isReversed, scannedKinds: scanned.map(\.kind),
      emittedKinds: emittedKinds, watch: watch, adjoint: adjoint,
      certificate: certificate?.0)
    let inputs =
      signs.applied(to: initial) + scanned.flatMap(\.tensors) + hoisting.outside
      + (certificate?.final ?? [])
    let results = loop.recorded(on: inputs).outputs
    return LoopResult(
      final: signs.applied(to: Array(results.prefix(carry.count))),
      emitted: LoopLayout(loop).emitted.map { Array(results[$0]) })
  }
}
