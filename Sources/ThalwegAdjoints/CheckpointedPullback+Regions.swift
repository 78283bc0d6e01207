import ThalwegTensors

extension CheckpointedPullback: RegionOperation {
  private static let (advancing, stepping) = (0, 1)

  var regions: [Region] { [form.advance, form.step] }

  func bundles(inputCount: Int) -> [RegionBundle] {
    let scannedCount = loop.body.scanned.count
    let sharedStart = inputStart + scannedCount + emittedRanges.count
    let cotangents = (0..<tapeStart).map { index in
      RegionBundle(
        inputs: [index], outputs: [index], arguments: [.init(index, in: Self.stepping)],
        results: [.init(index, in: Self.stepping)])
    }
    let states = (0..<carries).map { index in
      RegionBundle(
        inputs: [tapeStart + index, inputStart + index],
        arguments: [
          .init(index, in: Self.advancing), .init(tapeStart + index, in: Self.stepping),
        ], results: [.init(index, in: Self.advancing)])
    }
    let scanned = request.layout.scanned.enumerated().map { index, range in
      argument(range, [carries + index, inputStart + index])
    }
    let shared = request.layout.shared.enumerated().map { index, input in
      argument(input..<input + 1, [carries + scannedCount + index, sharedStart + index])
    }
    let emitted = emittedRanges.enumerated().map { index, range in
      RegionBundle(
        inputs: Array(range),
        arguments: [.init(inputStart + scannedCount + index, in: Self.stepping)])
    }
    let sequences = sequenceRanges.enumerated().map { index, range in
      RegionBundle(
        outputs: Array(range), results: [.init(tapeStart + index, in: Self.stepping)])
    }
    return cotangents + states + scanned + shared + emitted + sequences
  }

  /// Inputs of the loop that are arguments of both graphs.
  private func argument(_ range: Range<Int>, _ places: [Int]) -> RegionBundle {
    RegionBundle(
      inputs: range.map { inputStart + $0 },
      arguments: zip(places, [Self.advancing, Self.stepping]).map { .init($0, in: $1) })
  }

  func replacing(_ regions: [Region], channels: [Int?]) -> any Operation {
    Self(self, advance: regions[Self.advancing], step: regions[Self.stepping])
  }
}
