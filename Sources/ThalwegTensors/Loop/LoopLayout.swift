package import ThalwegKernels

/// Where the inputs and outputs of a ``Loop`` stand in its flat lists.
package struct LoopLayout {
  private let loop: Loop
  /// The inputs of each scanned sequence.
  package let scanned: [Range<Int>]
  package let shared: Range<Int>
  /// The outputs of each emitted sequence.
  package let emitted: [Range<Int>]
  /// The output that holds each carried tensor's tape.
  package let tape: Range<Int>

  package init(_ loop: Loop) {
    self.loop = loop
    func ranges(_ kinds: [SequenceKind], from start: Int) -> [Range<Int>] {
      var position = start
      return kinds.map { kind in
        let length = kind == .stacked ? 1 : loop.count
        defer { position += length }
        return position..<position + length
      }
    }
    let carries = loop.body.carry.count
    scanned = ranges(loop.scannedKinds, from: carries)
    let sharedStart = scanned.last?.upperBound ?? carries
    shared = sharedStart..<sharedStart + loop.body.shared.count
    emitted = ranges(loop.emittedKinds, from: carries)
    let tapeStart = emitted.last?.upperBound ?? carries
    tape = tapeStart..<tapeStart + carries
  }

  /// The scanned sequences as a kernel is bound to them.
  package func scannedSequences(_ context: KernelContext) -> [LoopForm.Sequence] {
    scanned.indices.map { index in
      let type = loop.body.scanned[index].type
      return sequence(
        loop.scannedKinds[index], type, scanned[index].map { context.operand($0) })
    }
  }

  /// An emitted sequence as a kernel is bound to it.
  package func emittedSequence(_ index: Int, _ context: KernelContext) -> LoopForm.Sequence {
    sequence(
      loop.emittedKinds[index], loop.body.emitted[index].type,
      emitted[index].map { context.result($0) })
  }

  private func sequence(
    _ kind: SequenceKind, _ type: TensorType, _ operands: [Operand]
  ) -> LoopForm.Sequence {
    kind == .stacked
      ? .stacked(operands[0], count: type.count, type.dtype) : .listed(operands, type.dtype)
  }
}
