import CThalwegKernels

extension ProgramBuilder {
  /// Appends a walk over a grid that an earlier call recorded; `grid` holds the number of its tapes.
  ///
  /// - Errors: where the equations of a step cannot be solved, the program stops with what `error`
  ///   makes of that.
  package mutating func gridLoop(
    _ form: GridForm, over grid: Operand, label: String,
    error: (@Sendable (LoopFailure) -> any Error)?
  ) {
    var frame = GridFrame()
    var image = image(of: form, in: &frame)
    let slot = temporary(bytes: frame.bytes)
    image.frame = slot.index
    let header = arguments.store(
      RecordedGridImage(
        grid: image, number: .init(grid, .float64), isLocating: error != nil))
    noteWalk()
    if let error { describe(UnsafeRawPointer(header), by: error) }
    append(
      runGridLoop, header, (form.touched + [grid.slot, slot]).map(Access.writes), label: label)
  }
}

private struct RecordedGridImage: BitwiseCopyable {
  // The first member, so that its address is that of the whole.
  var grid: GridImage
  var number: LoopImage.Address
  /// Whether somebody wants to know in which step a solver failed.
  var isLocating: Bool
}

private let runGridLoop: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots, let record = slots.record else { return 1 }
  let image = arguments.assumingMemoryBound(to: RecordedGridImage.self)
  let grid = arguments.assumingMemoryBound(to: GridImage.self)
  let number = image.pointee.number.resolved(in: slots)
  guard let frame = slots[Int(grid.pointee.frame)], var walk = GridWalk(grid, slots, frame),
    let recorded = record.pointee.tapes.pointee.tapes(numberedIn: number)
  else { return 1 }
  let tapes = record.openTapes(of: grid, slots, site: arguments)
  for sample in 0..<grid.pointee.samples {
    walk.begin(sample, recordingOn: tapes)
    for index in 0..<recorded[sample].count {
      let entry = recorded[sample][index]
      let status = walk.repeatEntry(entry)
      guard status != 0 else { continue }
      if image.pointee.isLocating {
        record.locateFailure(
          in: index, site: arguments, time: entry.time, stepSize: entry.stepSize)
      }
      return status
    }
    walk.finish()
  }
  return 0
}

extension GridWalk {
  /// Does a step or restart once more.
  @inline(__always)
  fileprivate mutating func repeatEntry(_ entry: Tape.Entry) -> Int32 {
    if entry.isRestart { return begin(anewAt: entry.time, entry.stepSize) }
    let status = attempt(entry.time, entry.stepSize)
    return status != 0 ? status : accept(entry)
  }
}
