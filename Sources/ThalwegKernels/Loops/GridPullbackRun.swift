/// The pullback of a walk while it is done, one sample at a time.
struct GridPullbackRun {
  typealias Row = UnsafeMutableRawPointer

  let image: UnsafePointer<GridPullbackImage>
  let slots: GridWalk.Slots
  let frame: UnsafeMutableRawPointer
  private let record: UnsafeMutablePointer<RunRecord>
  let tables: GridPullbackTables
  private let piece: Int
  private(set) var sample = 0
  /// How many times there are before the steps that were pulled back.
  private var remaining = 0
  /// Which of two rows holds the cotangents, and which the sums.
  private var side = 0
  private var sumSide = 0

  init(
    _ image: UnsafePointer<GridPullbackImage>, _ slots: GridWalk.Slots,
    _ frame: UnsafeMutableRawPointer, _ record: UnsafeMutablePointer<RunRecord>, piece: Int
  ) {
    self.piece = piece
    self.image = image
    self.slots = slots
    self.frame = frame
    self.record = record
    tables = GridPullbackTables(image, slots, frame, record)
  }

  /// Goes to the end of a sample.
  mutating func begin(_ sample: Int) {
    self.sample = sample
    remaining = image.pointee.timeCount
    (side, sumSide) = (0, 0)
    (frame + image.pointee.sumRows[0]).initializeMemory(
      as: UInt8.self, repeating: 0, count: 2 * image.pointee.sumRows.bytes)
    for index in 0..<image.pointee.carries.count {
      let (carry, leaf) = (image.pointee.carries[index], image.pointee.carries[index].leaf)
      if let initial = carry.initial.resolved(in: slots) {
        (frame + image.pointee.states[0] + leaf.place).copyMemory(
          from: initial + sample * leaf.bytes, byteCount: leaf.bytes)
      }
      let final = image.pointee.cotangents[index].final
      let cotangent = cotangents(0) + leaf.place
      if final.slot != 0, let final = final.resolved(in: slots) {
        cotangent.copyMemory(from: final + sample * leaf.bytes, byteCount: leaf.bytes)
      } else {
        cotangent.initializeMemory(as: UInt8.self, repeating: 0, count: leaf.bytes)
      }
    }
  }

  /// Pulls back to the beginning; 0 means success.
  mutating func walkBack(
    _ grid: UnsafePointer<Tape>, _ states: UnsafeMutablePointer<Tape>
  ) -> Int32 {
    var end = grid.pointee.count
    if image.pointee.budget < 0 {
      while end > 0 {
        end -= 1
        let status = pullBack(end, from: states.pointee.states.existingRow(end), grid)
        if status != 0 { return status }
      }
      return 0
    }
    while end > 0 {
      while states.pointee.checkpoints.latestStep >= end {
        states.pointee.checkpoints.removeLatest()
      }
      let first = states.pointee.checkpoints.latestStep
      let state = states.pointee.checkpoints.latest ?? frame + image.pointee.states[0]
      let free = image.pointee.budget - states.pointee.checkpoints.count
      let isStoring = free > 0 && end - first > 1
      let length = isStoring ? binomialSplit(end - first, checkpoints: free) : end - first - 1
      guard let reached = advance(first..<first + length, from: state, grid) else { return 1 }
      if isStoring {
        states.pointee.checkpoints.append(first + length)?.copyMemory(
          from: reached, byteCount: image.pointee.states.bytes)
      } else {
        end -= 1
        let status = pullBack(end, from: reached, grid)
        if status != 0 { return status }
      }
    }
    states.pointee.checkpoints.removeAll()
    return 0
  }

  /// Computes states again; nil where that fails.
  private func advance(
    _ entries: Range<Int>, from state: Row, _ grid: UnsafePointer<Tape>
  ) -> Row? {
    var state = state
    var spare = frame + image.pointee.states[1]
    var other = spare + image.pointee.states.bytes
    for index in entries {
      let entry = grid.pointee[index]
      tables.setTime(entry)
      let part = entry.isRestart ? tables.restart : tables.advance
      guard let part else { return nil }
      tables.bindCarried(part, from: state, to: spare)
      guard run(part, entry, index) == 0 else { return nil }
      state = spare
      swap(&spare, &other)
    }
    return state
  }

  /// Pulls the cotangents back through a step whose initial state is given.
  private mutating func pullBack(
    _ index: Int, from state: Row, _ grid: UnsafePointer<Tape>
  ) -> Int32 {
    let entry = grid.pointee[index]
    tables.setTime(entry)
    guard let part = entry.isRestart ? tables.restartPullback : tables.pullback else { return 1 }
    var after = cotangents(side)
    if !entry.isRestart, image.pointee.timeCount > 0 {
      guard let collected = collect(index, from: state, grid) else { return 1 }
      after = collected
    }
    tables.bindPullback(
      part, state, after, to: cotangents(1 - side), sums(sumSide), sums(1 - sumSide))
    side = 1 - side
    sumSide = 1 - sumSide
    return run(part, entry, index)
  }

  /// Collects the cotangents of what a step emitted; nil where that fails.
  private mutating func collect(
    _ index: Int, from state: Row, _ grid: UnsafePointer<Tape>
  ) -> Row? {
    let entry = grid.pointee[index]
    var collection = frame + image.pointee.collections[0]
    var other = collection + image.pointee.collections.bytes
    collection.initializeMemory(
      as: UInt8.self, repeating: 0, count: image.pointee.collections.bytes)
    (collection + image.pointee.states.bytes).copyMemory(
      from: cotangents(side), byteCount: image.pointee.states.bytes)
    defer { tables.bindCollection(collection) }
    guard let times = image.pointee.times.resolved(in: slots)?.assumingMemoryBound(to: Double.self),
      isWithin(index, times, grid)
    else { return collection + image.pointee.states.bytes }
    let next = frame + image.pointee.states[3]
    guard let replay = tables.replay, let part = tables.emissionPullback else { return nil }
    tables.bindCarried(replay, from: state, to: next)
    guard run(replay, entry, index) == 0 else { return nil }
    while isWithin(index, times, grid) {
      remaining -= 1
      tables.setPart(entry.part(at: times[remaining]) ?? 1)
      tables.bindEmission(
        part, state, next, collection, to: other,
        time: sample * image.pointee.timeCount + remaining)
      guard run(part, entry, index) == 0 else { return nil }
      swap(&collection, &other)
    }
    return collection + image.pointee.states.bytes
  }

  /// Whether the last of the remaining times lies within a step.
  private func isWithin(
    _ index: Int, _ times: UnsafePointer<Double>, _ grid: UnsafePointer<Tape>
  ) -> Bool {
    guard remaining > 0 else { return false }
    var earlier = index - 1
    while earlier >= 0, grid.pointee[earlier].isRestart { earlier -= 1 }
    return earlier < 0 || grid.pointee[earlier].part(at: times[remaining - 1]) == nil
  }

  @inline(__always)
  private func run(
    _ part: GridPullbackTables.Part, _ entry: Tape.Entry, _ index: Int
  ) -> Int32 {
    record.pointee.counts.evaluations += part.program.evaluations
    let status = part.program.image.execute(part.table)
    if status != 0, image.pointee.isLocating {
      record.locateFailure(
        in: index, site: image, time: entry.time, stepSize: entry.stepSize)
    }
    return status
  }

  private func cotangents(_ side: Int) -> Row {
    frame + image.pointee.cotangentRows[side]
  }

  private func sums(_ side: Int) -> Row {
    frame + image.pointee.sumRows[side]
  }

  /// Returns the cotangents of the initial state, and adds what the sample adds to the sums of the
  /// piece.
  func finish(isFirst: Bool) {
    for index in 0..<image.pointee.carries.count {
      let leaf = image.pointee.carries[index].leaf
      image.pointee.cotangents[index].result.resolved(in: slots).map {
        ($0 + sample * leaf.bytes).copyMemory(
          from: cotangents(side) + leaf.place, byteCount: leaf.bytes)
      }
    }
    for index in 0..<image.pointee.sums.count {
      let sum = image.pointee.sums[index]
      guard let result = image.place(of: sum, piece, slots) else { continue }
      let own = sums(sum.isReused ? 0 : sumSide) + sum.leaf.place
      if isFirst {
        result.copyMemory(from: own, byteCount: sum.leaf.bytes)
      } else {
        sum.leaf.add(own, to: result)
      }
    }
  }
}

extension GridImage.Leaf {
  /// Adds numbers to others.
  func add(_ terms: UnsafeRawPointer, to sums: UnsafeMutableRawPointer) {
    switch dtype {
    case .float32: add(terms, to: sums, as: Float.self)
    case .float64: add(terms, to: sums, as: Double.self)
    }
  }

  private func add<Scalar: BinaryFloatingPoint>(
    _ terms: UnsafeRawPointer, to sums: UnsafeMutableRawPointer, as type: Scalar.Type
  ) {
    let (terms, sums) = (
      terms.assumingMemoryBound(to: Scalar.self), sums.assumingMemoryBound(to: Scalar.self)
    )
    for element in 0..<count { sums[element] += terms[element] }
  }
}
