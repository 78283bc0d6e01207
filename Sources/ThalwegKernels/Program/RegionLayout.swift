import CThalwegKernels

/// The memory of a region: what each thread has for itself, and the copies of contracted results.
struct RegionLayout {
  let region: Schedule.Region
  /// The temporaries that no other step touches.
  var privates: [Slot] = []
  /// What the thread that runs the plan has for itself.
  var memory = Slot.record
  /// The copies of the contracted results.
  var partials = Slot.record
  /// The bytes that a thread needs, known once the region is encoded.
  private(set) var privateBytes = 0

  init(_ region: Schedule.Region) { self.region = region }

  var label: String {
    let lines = region.calls.map { "\n       \($0.label)" }.joined()
    return "region of \(region.extent) rows, \(region.pieces) pieces, \(region.grain) at a time"
      + lines
  }

  /// The bytes of the copies; none where there is only one piece.
  var partialBytes: Int { accumulators.bytes }

  private var accumulators: (list: [tw_accumulator], bytes: Int) {
    var list: [tw_accumulator] = []
    var bytes = 0
    for access in region.calls.flatMap(\.accesses) {
      guard case .contracted(let offset, let count, let dtype) = access.reach else { continue }
      list.append(
        tw_accumulator(
          slot: access.slot.index, is_double: dtype == .float64 ? 1 : 0, offset: Int64(offset),
          count: Int64(count), partials: Int64(bytes)))
      bytes += ProgramImage.aligned(region.pieces * count * dtype.size)
    }
    return (list, region.pieces > 1 ? bytes : 0)
  }

  /// Where each private buffer lies in a thread's memory; its table comes first.
  private func placed(_ records: [BufferRecord]) -> (list: [tw_private], bytes: Int) {
    let table = ProgramImage.aligned(records.count * MemoryLayout<Int>.size)
    var slices: [Slot: Int] = [:]
    var lives: [Slot: ClosedRange<Int>] = [:]
    for (time, call) in region.calls.enumerated() {
      for access in call.accesses {
        lives[access.slot] = (lives[access.slot]?.lowerBound ?? time)...time
        if case .rows(_, let bytes) = access.reach { slices[access.slot] = bytes }
      }
    }
    let arena = Arena(
      privates.map { slot in
        let bytes = slices[slot].map { $0 * region.grain } ?? records[Int(slot.index)].bytes
        let life = lives[slot] ?? 0...0
        return .init(bytes: bytes, first: life.lowerBound, last: life.upperBound)
      })
    let list = zip(privates, arena.offsets).map { slot, offset in
      tw_private(
        slot: slot.index, offset: Int64(table + offset), slice: Int64(slices[slot] ?? 0))
    }
    return (list, table + arena.bytes)
  }

  /// The region as a call.
  mutating func encoded(_ records: [BufferRecord], _ arguments: ArgumentStore) -> tw_call {
    let (privates, bytes) = placed(records)
    privateBytes = bytes
    let accumulators = accumulators.list
    let touched = region.touched.map(\.index).sorted()
    let header = tw_region(
      calls: arguments.store(region.calls.map(\.encoded)), count: Int64(region.calls.count),
      extent: Int64(region.extent), pieces: Int64(region.pieces), grain: Int64(region.grain),
      slots: arguments.store(touched), slot_count: Int32(touched.count),
      table: Int32(records.count), privates: arguments.store(privates),
      accumulators: arguments.store(accumulators), private_count: Int32(privates.count),
      accumulator_count: Int32(accumulators.count), private_bytes: Int64(bytes),
      memory: memory.index, partials: partials.index)
    return tw_call(
      kernel: tw_run_region, arguments: arguments.store(header),
      whole: tw_part(begin: 0, end: Int64(region.extent), first: 1, worker: 0))
  }
}

extension Schedule.Region {
  /// Every slot that a call touches.
  var touched: Set<Slot> { Set(calls.flatMap(\.accesses).map(\.slot)) }
}
