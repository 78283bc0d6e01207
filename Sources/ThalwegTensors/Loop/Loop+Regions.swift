import ThalwegKernels

extension Loop: RegionOperation {
  package var regions: [Region] {
    [
      Region(
        inputs: body.inputs, outputs: body.next + body.emitted, runs: count,
        isUniform: watch?.isExact ?? false)
    ]
  }

  package func bundles(inputCount: Int) -> [RegionBundle] {
    let layout = LoopLayout(self)
    let references = layout.shared.upperBound..<inputCount
    let carries = body.carry.indices.map { index in
      let reference = references.lowerBound + index
      return RegionBundle(
        inputs: [index] + (references.contains(reference) ? [reference] : []),
        outputs: [index, layout.tape.lowerBound + index], arguments: [.init(index)],
        results: [.init(index)])
    }
    let start = body.carry.count
    let scanned = layout.scanned.enumerated().map { index, range in
      RegionBundle(inputs: Array(range), arguments: [.init(start + index)])
    }
    let shared = layout.shared.enumerated().map { index, input in
      RegionBundle(inputs: [input], arguments: [.init(start + scanned.count + index)])
    }
    let emitted = layout.emitted.enumerated().map { index, range in
      RegionBundle(outputs: Array(range), results: [.init(start + index)])
    }
    return carries + scanned + shared + emitted
  }

  package func replacing(_ regions: [Region], channels: [Int?]) -> any Operation {
    let (inputs, outputs) = (regions[0].inputs, regions[0].outputs)
    let (carries, scanned) = (body.carry.count, body.scanned.count)
    let replaced = LoopBody(
      carry: Array(inputs[..<carries]), next: Array(outputs[..<carries]),
      scanned: Array(inputs[carries..<carries + scanned]), emitted: Array(outputs[carries...]),
      shared: Array(inputs[(carries + scanned)...]))
    return Loop(
      body: replaced, count: count, isReversed: isReversed, scannedKinds: scannedKinds,
      emittedKinds: emittedKinds, watch: watch.map { translated($0, channels) },
      adjoint: adjoint, certificate: certificate)
  }

  /// The guard of a loop whose carried tensors are in blocks along the given axes.
  private func translated(_ watch: LoopGuard, _ channels: [Int?]) -> LoopGuard {
    let blocks = zip(body.carry, channels).map { tensor, axis in
      axis.map { ChannelBlocks(tensor.type, axis: $0) }
    }
    guard blocks.prefix(watch.count).contains(where: { $0 != nil }) else { return watch }
    return LoopGuard(limits: watch.limits, isExact: watch.isExact) { failure in
      var ordinary = failure
      if let blocks = blocks[failure.leaf] {
        ordinary.element = blocks.ordinaryIndex(of: failure.element)
      }
      return watch.error(ordinary)
    }
  }
}
