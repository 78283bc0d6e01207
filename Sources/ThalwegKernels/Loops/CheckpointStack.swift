/// A few stored states, by the steps that begin with them.
///
/// While steps are taken whose number is not known, states are placed so that at any time the steps
/// so far can be walked back with the fewest repetitions of a step.
///
/// - Source: Q. Wang, P. Moin, G. Iaccarino, "Minimal repetition dynamic checkpointing algorithm for
///   unsteady adjoint calculation", SIAM J. Sci. Comput. 31 (2009), doi:10.1137/080727890.
struct CheckpointStack {
  private struct Mark: BitwiseCopyable {
    var step: Int
    /// States of a higher level stay longer.
    var level: Int
    var slot: Int
  }

  private(set) var budget = 0
  private var rowBytes = 0
  private var marks: UnsafeMutablePointer<Mark>?
  private var memory: UnsafeMutableRawPointer?
  /// How many states are stored.
  private(set) var count = 0

  /// Empties the stack; there is memory for so many rows from now on.
  mutating func reset(budget: Int, rowBytes: Int) {
    count = 0
    guard self.budget != budget || self.rowBytes != rowBytes else { return }
    free()
    (marks, memory) = (nil, nil)
    (self.budget, self.rowBytes) = (budget, rowBytes)
    guard budget > 0 else { return }
    let marks = UnsafeMutablePointer<Mark>.allocate(capacity: budget)
    // Slots wander between the marks, so that each is always at one of them.
    for slot in 0..<budget { marks[slot] = Mark(step: 0, level: 0, slot: slot) }
    self.marks = marks
    memory = .allocate(byteCount: budget * rowBytes, alignment: Storage.alignment)
  }

  var bytes: Int { budget * (rowBytes + MemoryLayout<Mark>.stride) }

  /// The step that begins with the latest of the stored states; 0, whose state is given, if there is
  /// none.
  var latestStep: Int { count == 0 ? 0 : marks?[count - 1].step ?? 0 }

  /// The latest of the stored states.
  var latest: UnsafeMutableRawPointer? { count == 0 ? nil : row(count - 1) }

  /// Forgets the latest of the stored states.
  mutating func removeLatest() { count -= 1 }

  /// Forgets all stored states.
  mutating func removeAll() { count = 0 }

  /// Where to store the state with which a later step begins; there must be room.
  mutating func append(_ step: Int, level: Int = 0) -> UnsafeMutableRawPointer? {
    marks?[count].step = step
    marks?[count].level = level
    count += 1
    return row(count - 1)
  }

  /// Where to store the state with which the step after all so far begins.
  mutating func place(_ step: Int) -> UnsafeMutableRawPointer? {
    guard budget > 0, let marks else { return nil }
    if count < budget { return append(step) }
    // A state is dispensable if a later one has a higher level.
    var highest = marks[count - 1].level
    var dispensable: Int?
    for index in (0..<count - 1).reversed() {
      if marks[index].level < highest { dispensable = index }
      highest = Swift.max(highest, marks[index].level)
    }
    guard let dispensable else {
      let level = marks[count - 1].level + 1
      removeLatest()
      return append(step, level: level)
    }
    let freed = marks[dispensable]
    for index in dispensable..<count - 1 { marks[index] = marks[index + 1] }
    marks[count - 1] = freed
    removeLatest()
    return append(step)
  }

  private func row(_ index: Int) -> UnsafeMutableRawPointer? {
    guard let marks else { return nil }
    return memory.map { $0 + marks[index].slot * rowBytes }
  }

  func free() {
    marks?.deallocate()
    memory?.deallocate()
  }
}
