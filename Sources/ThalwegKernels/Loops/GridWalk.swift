import CThalwegKernels

/// A walk over a grid of steps while it is done, one sample at a time.
struct GridWalk {
  typealias Slots = UnsafePointer<UnsafeMutableRawPointer?>

  let image: UnsafePointer<GridImage>
  let slots: Slots
  let frame: UnsafeMutableRawPointer
  let record: UnsafeMutablePointer<RunRecord>
  /// The buffers of the program that steps.
  let step: SlotTable
  private let restart: SlotTable?
  private let interpolation: SlotTable?
  /// The tape that is written, where one is.
  private var tape: UnsafeMutablePointer<Tape>?
  private var sample = 0
  private var entryCount = 0
  /// How many of the times have been passed.
  private var emitted = 0
  /// What is carried, and what a step makes of it.
  private(set) var current: UnsafeMutableRawPointer
  private(set) var next: UnsafeMutableRawPointer

  init?(
    _ image: UnsafePointer<GridImage>, _ slots: Slots, _ frame: UnsafeMutableRawPointer,
    record: UnsafeMutablePointer<RunRecord>? = nil
  ) {
    guard let record = record ?? slots.record else { return nil }
    self.image = image
    self.slots = slots
    self.frame = frame
    self.record = record
    let form = image.pointee
    step = form.step.bind(in: frame, record)
    restart = form.restart?.bind(in: frame, record)
    interpolation = form.interpolation?.bind(in: frame, record)
    current = frame + form.spare
    next = current + form.rowBytes
    bindFixed()
  }

  /// Binds what stays the same through all steps.
  private func bindFixed() {
    let form = image.pointee
    bindStep(step, form.step.image)
    if let restart, let program = form.restart { bindStep(restart, program.image) }
    for index in 0..<form.denseCount {
      let leaf = frame + form.dense[index].place
      step[Int(form.step.image.outputs[form.carryCount + index])] = leaf
      guard let interpolation, let program = form.interpolation else { continue }
      interpolation[Int(program.image.inputs[2 + 2 * form.carryCount + index])] = leaf
    }
    if let interpolation, let program = form.interpolation {
      interpolation[Int(program.image.inputs[0])] = frame + form.scalars + 2 * Storage.alignment
      interpolation[Int(program.image.inputs[1])] = frame + form.scalars + Storage.alignment
    }
  }

  private func bindStep(_ table: SlotTable, _ program: ProgramImage) {
    let form = image.pointee
    table[Int(program.inputs[0])] = frame + form.scalars
    table[Int(program.inputs[1])] = frame + form.scalars + Storage.alignment
    for index in 0..<form.sharedCount {
      table[Int(program.inputs[2 + form.carryCount + index])] =
        form.shared[index].resolved(in: slots)
    }
  }

  // MARK: - Steps

  /// Goes to the beginning of a sample.
  mutating func begin(_ sample: Int, recordingOn tapes: UnsafeMutablePointer<Tape>?) {
    self.sample = sample
    (entryCount, emitted) = (0, 0)
    tape = tapes.map { $0 + sample }
    let form = image.pointee
    current = frame + form.spare
    next = current + form.rowBytes
    if let tape, form.stateNumber.slot != 0 {
      if form.budget < 0 {
        tape.pointee.states.reset(rowBytes: form.rowBytes)
        current = tape.pointee.states.row(0)
        next = tape.pointee.states.row(1)
      } else {
        tape.pointee.checkpoints.reset(budget: form.budget, rowBytes: form.rowBytes)
      }
    }
    for index in 0..<form.carryCount {
      let carry = form.carries[index]
      guard let initial = carry.initial.resolved(in: slots) else { continue }
      (current + carry.leaf.place).copyMemory(
        from: initial + sample * carry.leaf.bytes, byteCount: carry.leaf.bytes)
    }
  }

  /// Computes a step from what is carried; 0 means success.
  @inline(__always)
  mutating func attempt(_ time: Double, _ stepSize: Double) -> Int32 {
    setTime(time, stepSize)
    let program = image.pointee.step
    bindRows(step, program.image)
    record.pointee.counts.evaluations += program.evaluations
    return program.image.execute(step)
  }

  /// Goes on to what the last attempt computed.
  @inline(__always)
  mutating func accept(_ entry: Tape.Entry) -> Int32 {
    let status = emit(entry)
    keep(entry)
    return status
  }

  /// Begins anew where dynamics jump.
  mutating func begin(anewAt time: Double, _ stepSize: Double) -> Int32 {
    guard let restart, let program = image.pointee.restart else { return 0 }
    setTime(time, stepSize)
    bindRows(restart, program.image)
    record.pointee.counts.evaluations += program.evaluations
    let status = program.image.execute(restart)
    keep(Tape.Entry(time: time, stepSize: stepSize, end: time, isRestart: true))
    return status
  }

  /// Returns what is carried at the end.
  func finish() {
    for index in 0..<image.pointee.carryCount {
      let carry = image.pointee.carries[index]
      guard carry.result.slot != 0, let result = carry.result.resolved(in: slots) else { continue }
      (result + sample * carry.leaf.bytes).copyMemory(
        from: current + carry.leaf.place, byteCount: carry.leaf.bytes)
    }
  }

  // MARK: - Parts of a step

  @inline(__always)
  private func setTime(_ time: Double, _ stepSize: Double) {
    let form = image.pointee
    form.scalar.store(time, at: frame + form.scalars)
    form.scalar.store(stepSize, at: frame + form.scalars + Storage.alignment)
  }

  @inline(__always)
  private func bindRows(_ table: SlotTable, _ program: ProgramImage) {
    for index in 0..<image.pointee.carryCount {
      let place = image.pointee.carries[index].leaf.place
      table[Int(program.inputs[2 + index])] = current + place
      table[Int(program.outputs[index])] = next + place
    }
  }

  /// Computes the results at the times within a step.
  @inline(__always)
  private mutating func emit(_ entry: Tape.Entry) -> Int32 {
    guard emitted < image.pointee.timeCount else { return 0 }
    return emitAll(entry)
  }

  private mutating func emitAll(_ entry: Tape.Entry) -> Int32 {
    let form = image.pointee
    guard let interpolation, let program = form.interpolation,
      let times = form.times.resolved(in: slots)?.assumingMemoryBound(to: Double.self)
    else { return 0 }
    for index in 0..<form.carryCount {
      let place = form.carries[index].leaf.place
      interpolation[Int(program.image.inputs[2 + index])] = current + place
      interpolation[Int(program.image.inputs[2 + form.carryCount + index])] = next + place
    }
    while emitted < form.timeCount, let part = entry.part(at: times[emitted]) {
      form.scalar.store(part, at: frame + form.scalars + 2 * Storage.alignment)
      for index in 0..<form.emissionCount {
        let emission = form.emissions[index]
        interpolation[Int(program.image.outputs[index])] =
          emission.first.resolved(in: slots).map {
            $0 + (sample * form.timeCount + emitted) * emission.bytes
          }
      }
      let status = program.image.execute(interpolation)
      if status != 0 { return status }
      emitted += 1
    }
    return 0
  }

  /// Makes the next row the current one, and records what is to be recorded.
  @inline(__always)
  private mutating func keep(_ entry: Tape.Entry) {
    let form = image.pointee
    if let tape {
      if form.gridNumber.slot != 0 { tape.pointee.append(entry) }
      if form.stateNumber.slot != 0 {
        if form.budget < 0 {
          entryCount += 1
          current = next
          next = tape.pointee.states.row(entryCount + 1)
          return
        }
        // The initial state is given.
        if entryCount > 0, let place = tape.pointee.checkpoints.place(entryCount) {
          place.copyMemory(from: current, byteCount: form.rowBytes)
        }
      }
    }
    entryCount += 1
    swap(&current, &next)
  }
}

extension Tape.Entry {
  /// How far into the step a time lies, from 0 to 1; nil where it lies behind the step.
  @inline(__always)
  func part(at time: Double) -> Double? {
    let length = end - self.time
    let position = (time - self.time) / length
    // Times that lie between a jump and the step after it are that of the jump.
    if time == end || position <= 1 { return time == end ? 1 : Swift.max(0, position) }
    return nil
  }
}

extension DType {
  /// A number as this type has it.
  @inline(__always)
  func rounded(_ value: Double) -> Double { self == .float32 ? Double(Float(value)) : value }

  @inline(__always)
  func store(_ value: Double, at place: UnsafeMutableRawPointer) {
    switch self {
    case .float32: place.storeBytes(of: Float(value), as: Float.self)
    case .float64: place.storeBytes(of: value, as: Double.self)
    }
  }

  @inline(__always)
  func load(from place: UnsafeRawPointer) -> Double {
    switch self {
    case .float32: Double(place.load(as: Float.self))
    case .float64: place.load(as: Double.self)
    }
  }
}
