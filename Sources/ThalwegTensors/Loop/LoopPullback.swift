import ThalwegKernels

/// A loop whose gradient is asked for, taken apart.
package struct LoopPullback: Sendable {
  package let loop: Loop
  package let inputs: [Tensor]
  package let outputs: [Tensor]
  package let layout: LoopLayout
  /// Cotangents of the final carried tensors, zero where nothing arrived.
  package let final: [Tensor]
  /// Cotangents of the emitted sequences and of the tape; nil where nothing arrived.
  package let emitted: [[Tensor]?]
  package let tape: [Tensor?]
  /// Which sequences and shared tensors need a cotangent.
  package let wantsScanned: [Bool]
  package let wantsShared: [Bool]

  init(_ loop: Loop, _ call: OperationCall, _ cotangents: [Tensor?]) {
    self.loop = loop
    inputs = call.inputs
    outputs = call.outputs
    let layout = LoopLayout(loop)
    self.layout = layout
    func filled(_ index: Int) -> Tensor {
      cotangents[index] ?? .zeros(call.outputs[index].shape, dtype: call.outputs[index].dtype)
    }
    final = loop.body.carry.indices.map(filled)
    emitted = layout.emitted.map { range in
      range.contains { cotangents[$0] != nil } ? range.map(filled) : nil
    }
    tape = layout.tape.map { cotangents[$0] }
    wantsScanned = layout.scanned.map { range in range.contains { call.wanted[$0] } }
    wantsShared = layout.shared.map { call.wanted[$0] }
  }

  /// Asks for the gradient of a loop that was applied to other inputs and not run.
  package init(
    _ loop: Loop, inputs: [Tensor], final: [Tensor], emitted: [[Tensor]?], wantsScanned: [Bool],
    wantsShared: [Bool]
  ) {
    self.loop = loop
    self.inputs = inputs
    outputs = loop.recorded(on: inputs).outputs
    layout = LoopLayout(loop)
    self.final = final
    self.emitted = emitted
    tape = loop.body.carry.map { _ in nil }
    self.wantsScanned = wantsScanned
    self.wantsShared = wantsShared
  }

  /// The initial carried tensors, the scanned sequences and the shared tensors.
  package var initial: [Tensor] { Array(inputs.prefix(loop.body.carry.count)) }
  package var scanned: [ScannedSequence] {
    zip(layout.scanned, loop.scannedKinds).map { range, kind in
      kind == .stacked ? .stacked(inputs[range.lowerBound]) : .listed(Array(inputs[range]))
    }
  }
  package var shared: [Tensor] { Array(inputs[layout.shared]) }
  /// The carried tensors before each kept iteration.
  package var keptStates: [Tensor] { Array(outputs[layout.tape]) }
  /// Zeros in which the cotangents of shared tensors are summed.
  package var sharedSums: [Tensor] {
    zip(shared, wantsShared).filter(\.1).map { .zeros($0.0.shape, dtype: $0.0.dtype) }
  }
  /// The cotangents of emitted sequences, where there are any, as sequences.
  package var emittedSequences: [ScannedSequence] {
    zip(emitted, loop.emittedKinds).compactMap { tensors, kind in
      tensors.map { kind == .stacked ? .stacked($0[0]) : .listed($0) }
    }
  }
  /// How the cotangents of the wanted sequences are emitted.
  package var resultKinds: [SequenceKind] {
    zip(loop.scannedKinds, wantsScanned).filter(\.1).map(\.0)
  }

  /// One step of the pullback as graph.
  ///
  /// It takes cotangents of the carried tensors after the iteration, sums of the cotangents of the
  /// wanted shared tensors so far, and cotangents of what the iteration emitted, for sequences that
  /// have any. It gives the cotangents before the iteration, the new sums, and the cotangents of
  /// the wanted scanned tensors, in terms of the body's own placeholders.
  package func step(
    states: [Tensor], sums: [Tensor], emitted arrived: [Tensor]
  ) -> (states: [Tensor], sums: [Tensor], scanned: [Tensor]) {
    let body = loop.body
    var remaining = arrived[...]
    let emittedCotangents = emitted.map { $0 == nil ? nil : remaining.popFirst() }
    let wantedScanned = zip(body.scanned, wantsScanned).filter(\.1).map(\.0)
    let wantedShared = zip(body.shared, wantsShared).filter(\.1).map(\.0)
    let pulled = pulledBack(
      body.next + body.emitted, cotangents: states.map(Optional.some) + emittedCotangents,
      to: body.carry + wantedScanned + wantedShared)
    func filled(_ cotangent: Tensor?, _ primal: Tensor) -> Tensor {
      cotangent ?? .zeros(primal.shape, dtype: primal.dtype)
    }
    let carries = body.carry.count
    let sharedStart = carries + wantedScanned.count
    return (
      zip(pulled, body.carry).map(filled),
      zip(sums, pulled[sharedStart...]).map { sum, term in term.map { sum + $0 } ?? sum },
      zip(pulled[carries..<sharedStart], wantedScanned).map(filled)
    )
  }

  /// The cotangents of all inputs in their order.
  package func assemble(initial: [Tensor], sums: [Tensor], scanned: [[Tensor]]) -> [Tensor?] {
    var results = [Tensor?](repeating: nil, count: inputs.count)
    for (index, cotangent) in initial.enumerated() { results[index] = cotangent }
    var sequences = scanned[...]
    for (range, isWanted) in zip(layout.scanned, wantsScanned) where isWanted {
      for (index, cotangent) in zip(range, sequences.popFirst() ?? []) {
        results[index] = cotangent
      }
    }
    var rest = sums[...]
    for (index, isWanted) in zip(layout.shared, wantsShared) where isWanted {
      results[index] = rest.popFirst()
    }
    return results
  }
}
