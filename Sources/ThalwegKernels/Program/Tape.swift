/// What a walk over a grid of steps leaves behind: the grid, and states from which to walk again.
///
/// It is written while a loop runs whose number of steps is not known before. Its memory grows with
/// the steps and is kept for the next run.
struct Tape {
  /// A step that was taken, or a restart where the dynamics jump.
  struct Entry: BitwiseCopyable {
    var time: Double
    var stepSize: Double
    /// The time after the step, which need not be the rounded sum.
    var end: Double
    var isRestart = false
  }

  private var entries = TapeRows(rowBytes: MemoryLayout<Entry>.stride)
  /// The steps and restarts so far.
  private(set) var count = 0
  /// What was carried before each entry, and after the last one, where all of it is kept.
  var states = TapeRows(rowBytes: 0)
  /// What was carried before some of the entries, where a few are kept.
  var checkpoints = CheckpointStack()

  /// Forgets what was recorded, but keeps the memory.
  mutating func reset() { count = 0 }

  mutating func append(_ entry: Entry) {
    entries.row(count).assumingMemoryBound(to: Entry.self).pointee = entry
    count += 1
  }

  subscript(index: Int) -> Entry {
    entries.existingRow(index).assumingMemoryBound(to: Entry.self).pointee
  }

  /// The times at which steps begin, and the end.
  var times: [Double] {
    let steps = (0..<count).map { self[$0] }.filter { !$0.isRestart }
    return steps.map(\.time) + steps.suffix(1).map(\.end)
  }

  var bytes: Int { entries.bytes + states.bytes + checkpoints.bytes }

  func free() {
    entries.free()
    states.free()
    checkpoints.free()
  }
}

/// Rows of equal size in blocks that double, so that a row never moves.
struct TapeRows {
  private(set) var rowBytes: Int
  private let blocks: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private var blockCount = 0

  private static let firstRows = 16
  private static let maximumBlocks = 48

  init(rowBytes: Int) {
    self.rowBytes = rowBytes
    blocks = .allocate(capacity: Self.maximumBlocks)
  }

  /// Changes the size of the rows, whose contents are gone if it is another.
  mutating func reset(rowBytes: Int) {
    guard self.rowBytes != rowBytes else { return }
    for block in 0..<blockCount { blocks[block].deallocate() }
    blockCount = 0
    self.rowBytes = rowBytes
  }

  /// A row, for which there is memory from now on.
  @inline(__always)
  mutating func row(_ index: Int) -> UnsafeMutableRawPointer {
    while index >= Self.firstRows * (1 << blockCount - 1) { grow() }
    return existingRow(index)
  }

  /// A row for which there is memory.
  @inline(__always)
  func existingRow(_ index: Int) -> UnsafeMutableRawPointer {
    let quotient = index / Self.firstRows + 1
    let block = Int.bitWidth - 1 - quotient.leadingZeroBitCount
    return blocks[block] + (index - Self.firstRows * (1 << block - 1)) * rowBytes
  }

  private mutating func grow() {
    blocks[blockCount] = .allocate(
      byteCount: Swift.max(1, Self.firstRows * (1 << blockCount) * rowBytes),
      alignment: Storage.alignment)
    blockCount += 1
  }

  var bytes: Int { Self.firstRows * (1 << blockCount - 1) * rowBytes }

  func free() {
    for block in 0..<blockCount { blocks[block].deallocate() }
    blocks.deallocate()
  }
}
