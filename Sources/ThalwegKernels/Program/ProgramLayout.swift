import CThalwegKernels

/// Gives the buffers of a schedule their places, and encodes its calls.
///
/// A temporary that only one region touches, row by row, is held by each thread for the rows that it
/// is at; all others share the arena by lifetime.
struct ProgramLayout {
  private(set) var records: [BufferRecord]
  private(set) var calls: [tw_call] = []
  private(set) var listing: [String] = []
  private(set) var bindings: [ProgramImage.Binding] = []
  private(set) var constants: [Storage] = []
  private(set) var arenaBytes = 0

  private let steps: [Schedule.Step]
  private let arguments: ArgumentStore
  private var lives: [Slot: ClosedRange<Int>] = [:]
  /// How the calls touch each slot, and the regions that do; -1 is a call outside of regions.
  private var uses: [Slot: (accesses: Set<Access.Reach>, steps: Set<Int>)] = [:]

  init(_ steps: [Schedule.Step], _ records: [BufferRecord], _ arguments: ArgumentStore) {
    self.steps = steps
    self.records = records
    self.arguments = arguments
  }

  mutating func place() {
    noteUses()
    let regions = steps.enumerated().map { time, step -> RegionLayout? in
      guard case .region(let region) = step else { return nil }
      var layout = RegionLayout(region)
      for slot in region.touched where isPrivate(slot, in: region, at: time) {
        layout.privates.append(slot)
        lives[slot] = nil
      }
      layout.memory = add(bytes: 0, at: time)
      layout.partials = add(bytes: layout.partialBytes, at: time)
      return layout
    }
    for (step, region) in zip(steps, regions) {
      switch (step, region) {
      case (.call(let call), _):
        calls.append(call.encoded)
        listing += call.labels
      case (_, var layout?):
        calls.append(layout.encoded(records, arguments))
        records[Int(layout.memory.index)].bytes = layout.privateBytes
        listing.append(layout.label)
      default: break
      }
    }
    bind()
  }

  private mutating func add(bytes: Int, at time: Int) -> Slot {
    records.append(BufferRecord(home: .arena, bytes: bytes))
    let slot = Slot(index: Int32(records.count - 1))
    lives[slot] = time...time
    return slot
  }

  private mutating func noteUses() {
    for (time, step) in steps.enumerated() {
      let members: [ProgramCall]
      switch step {
      case .call(let call): members = [call]
      case .region(let region): members = region.calls
      }
      for access in members.flatMap(\.accesses) {
        uses[access.slot, default: ([], [])].accesses.insert(access.reach)
        uses[access.slot]?.steps.insert(time)
        let first = lives[access.slot]?.lowerBound ?? time
        lives[access.slot] = first...time
      }
    }
  }

  private func isPrivate(_ slot: Slot, in region: Schedule.Region, at time: Int) -> Bool {
    let record = records[Int(slot.index)]
    guard record.isTemporary, let use = uses[slot], use.steps == [time], use.accesses.count == 1
    else { return false }
    switch use.accesses.first {
    case .scratch: return true
    case .rows(let offset, let bytes):
      return offset == 0 && bytes > 0 && bytes * region.extent == record.bytes
    default: return false
    }
  }

  private mutating func bind() {
    var requests: [Arena.Request] = []
    for (index, record) in records.enumerated() {
      let slot = Int32(index)
      switch record.home {
      case .arena:
        let life = lives[Slot(index: slot)]
        let bytes = life == nil ? 0 : record.bytes
        requests.append(
          .init(bytes: bytes, first: life?.lowerBound ?? 0, last: life?.upperBound ?? 0))
        bindings.append(.init(slot: slot, location: requests.count - 1, isConstant: false))
      case .constant(let storage):
        constants.append(storage)
        let address = Int(bitPattern: storage.base)
        bindings.append(.init(slot: slot, location: address, isConstant: true))
      case .record, .input, .output: break
      }
    }
    let arena = Arena(requests)
    for index in bindings.indices where !bindings[index].isConstant {
      bindings[index].location = arena.offsets[bindings[index].location]
    }
    arenaBytes = arena.bytes
  }
}
