import CThalwegKernels

extension ProgramBuilder {
  /// Appends a loop.
  ///
  /// - Errors: where a guarded buffer holds a number that is not finite or not below its limit after
  ///   an iteration, the program stops with what `error` makes of the place.
  package mutating func loop(
    _ form: LoopForm, label: String, error: (@Sendable (LoopFailure) -> any Error)?
  ) {
    var (image, frame) = image(of: form)
    image.isLocating = error != nil
    let header = arguments.store(image)
    append(runLoop, header, (form.touched + [frame]).map(Access.writes), label: label)
    if let error { describe(UnsafeRawPointer(header), by: error) }
  }
}

private let runLoop: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots, let frame = slots[Int(arguments.loopImage.pointee.frame)] else {
    return 1
  }
  let loop = arguments.loopImage
  let body = loop.pointee.body
  let table = body.bind(in: frame, record: slots[0])
  loop.pointee.bindShared(table, slots)
  loop.bindSentinels(table, frame)
  if loop.pointee.kept[0] >= 0 { loop.keepInitial(slots) }
  for iteration in 0..<loop.pointee.iterations {
    loop.pointee.bindSequences(loop.pointee.element(of: iteration), table, slots)
    for index in 0..<loop.pointee.carryCount {
      let output = loop.pointee.carries[index].output
      table[Int(body.inputs[index])] = loop.carry(index, before: iteration, frame, slots)
      guard output >= 0 else { continue }
      table[Int(output)] = loop.carry(index, before: iteration + 1, frame, slots)
    }
    let status = body.execute(table)
    if status != 0 {
      loop.locateFailure(in: iteration, table, site: arguments, record: slots.record)
      return status
    }
    let failed = loop.firstFailure(
      after: iteration, in: table, site: arguments, record: slots.record)
    if failed { return 1 }
  }
  loop.returnResults(frame, slots)
  return 0
}

extension UnsafeRawPointer {
  fileprivate var loopImage: UnsafePointer<LoopImage> { assumingMemoryBound(to: LoopImage.self) }
}

extension UnsafePointer<LoopImage> {
  /// Where a carried buffer lies before an iteration; before the one after the last, its result.
  @inline(__always)
  fileprivate func carry(
    _ index: Int, before iteration: Int, _ frame: UnsafeMutableRawPointer,
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>
  ) -> UnsafeMutableRawPointer? {
    var (index, iteration) = (index, iteration)
    while iteration > 0, pointee.carries[index].source >= 0 {
      let source = Int(pointee.carries[index].source)
      iteration = source == index ? 0 : iteration - 1
      index = source
    }
    let carry = pointee.carries + index
    if iteration == 0 { return carry.pointee.initial.resolved(in: slots) }
    let left = pointee.iterations - iteration
    if left == 0, carry.pointee.result.slot != 0 {
      return carry.pointee.result.resolved(in: slots)
    }
    let kept = Int(pointee.kept[iteration])
    if kept >= 0, carry.pointee.kept.slot != 0 {
      return carry.pointee.kept.resolved(in: slots).map { $0 + kept * carry.pointee.bytes }
    }
    if left <= carry.pointee.latest, carry.pointee.laterResults[left].slot != 0 {
      return carry.pointee.laterResults[left].resolved(in: slots)
    }
    let buffers = carry.pointee.buffers
    let place = buffers == 2 ? iteration & 1 : iteration % buffers
    return frame + carry.pointee.spare + place * ProgramImage.aligned(carry.pointee.bytes)
  }

  fileprivate func bindSentinels(_ table: SlotTable, _ frame: UnsafeMutableRawPointer) {
    for index in 0..<pointee.carryCount where pointee.carries[index].sentinel >= 0 {
      table[Int(pointee.carries[index].sentinel)] = frame + pointee.carries[index].sentinelPlace
    }
  }

  fileprivate func keepInitial(_ slots: UnsafePointer<UnsafeMutableRawPointer?>) {
    for index in 0..<pointee.carryCount {
      let carry = pointee.carries[index]
      guard carry.kept.slot != 0, let initial = carry.initial.resolved(in: slots),
        let kept = carry.kept.resolved(in: slots)
      else { continue }
      let row = Int(pointee.kept[0])
      (kept + row * carry.bytes).copyMemory(from: initial, byteCount: carry.bytes)
    }
  }

  /// Copies results that were not computed where they belong.
  fileprivate func returnResults(
    _ frame: UnsafeMutableRawPointer, _ slots: UnsafePointer<UnsafeMutableRawPointer?>
  ) {
    for index in 0..<pointee.carryCount {
      let carry = pointee.carries + index
      guard carry.pointee.result.slot != 0, let result = carry.pointee.result.resolved(in: slots),
        let last = self.carry(index, before: pointee.iterations, frame, slots), last != result
      else { continue }
      result.copyMemory(from: last, byteCount: carry.pointee.bytes)
    }
  }

  /// The Euclidean norm of the guarded buffers before an iteration.
  private func norm(before table: SlotTable) -> Double {
    scaledNorm { forEachGuarded(before: table, $0) }
  }

  private func forEachGuarded(before table: SlotTable, _ body: (Double) -> Void) {
    for index in 0..<pointee.guarded {
      let carry = pointee.carries[index]
      guard let buffer = table[Int(pointee.body.inputs[index])] else { continue }
      for element in 0..<carry.count {
        body(
          carry.dtype == .float32
            ? Double(buffer.assumingMemoryBound(to: Float.self)[element])
            : buffer.assumingMemoryBound(to: Double.self)[element])
      }
    }
  }

  /// Whether there is a sentinel, and it says that a buffer is below its limit.
  @inline(__always)
  private func isSentinelFinite(
    _ carry: UnsafePointer<LoopImage.Carry>, _ table: SlotTable
  ) -> Bool {
    guard carry.pointee.sentinel >= 0, let place = table[Int(carry.pointee.sentinel)] else {
      return false
    }
    return carry.pointee.dtype == .float32
      ? place.load(as: Float.self).isFinite : place.load(as: Double.self).isFinite
  }

  /// Says in which iteration a solver failed.
  fileprivate func locateFailure(
    in iteration: Int, _ table: SlotTable, site: UnsafeRawPointer,
    record: UnsafeMutablePointer<RunRecord>?
  ) {
    guard pointee.isLocating else { return }
    record?.locateFailure(
      in: pointee.element(of: iteration), site: site,
      norm: pointee.guarded > 0 ? norm(before: table) : .nan)
  }

  /// Records the first number that is not below its limit among the guarded buffers.
  @inline(__always)
  fileprivate func firstFailure(
    after iteration: Int, in table: SlotTable, site: UnsafeRawPointer,
    record: UnsafeMutablePointer<RunRecord>?
  ) -> Bool {
    for index in 0..<pointee.guarded {
      let carry = pointee.carries + index
      // What is not computed has been looked at before.
      guard carry.pointee.output >= 0, !isSentinelFinite(carry, table),
        let buffer = table[Int(carry.pointee.output)]
      else { continue }
      let element: Int64
      switch carry.pointee.dtype {
      case .float32:
        element = tw_first_beyond_f32(
          buffer.assumingMemoryBound(to: Float.self), Int64(carry.pointee.count),
          carry.pointee.limit)
      case .float64:
        element = tw_first_beyond_f64(
          buffer.assumingMemoryBound(to: Double.self), Int64(carry.pointee.count),
          carry.pointee.limit)
      }
      guard element >= 0 else { continue }
      let value =
        carry.pointee.dtype == .float32
        ? Double(buffer.assumingMemoryBound(to: Float.self)[Int(element)])
        : buffer.assumingMemoryBound(to: Double.self)[Int(element)]
      // Where the loop is part of a longer step, a shorter one may do.
      record?.pointee.failure = LoopFailure(
        site: UInt(bitPattern: site), kind: value.isFinite ? .beyondLimit : .nonFinite,
        isRecoverable: true, iteration: iteration, leaf: index, element: Int(element), value: value,
        norm: norm(before: table), bound: carry.pointee.limit)
      return true
    }
    return false
  }
}
