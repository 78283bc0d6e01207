/// The buffers of the programs of a pullback.
struct GridPullbackTables {
  /// A program and its buffers.
  struct Part {
    var program: GridProgram
    var table: SlotTable
  }

  private let image: UnsafePointer<GridPullbackImage>
  private let slots: GridWalk.Slots
  private let frame: UnsafeMutableRawPointer
  let advance: Part?
  let replay: Part?
  let restart: Part?
  let pullback: Part?
  let restartPullback: Part?
  let emissionPullback: Part?

  init(
    _ image: UnsafePointer<GridPullbackImage>, _ slots: GridWalk.Slots,
    _ frame: UnsafeMutableRawPointer, _ record: UnsafeMutablePointer<RunRecord>
  ) {
    self.image = image
    self.slots = slots
    self.frame = frame
    func part(_ program: GridProgram?) -> Part? {
      program.map { Part(program: $0, table: $0.bind(in: frame, record)) }
    }
    advance = part(image.pointee.advance)
    replay = part(image.pointee.replay)
    restart = part(image.pointee.restart)
    pullback = part(image.pointee.pullback)
    restartPullback = part(image.pointee.restartPullback)
    emissionPullback = part(image.pointee.emissionPullback)
    for part in [advance, replay, restart, pullback, restartPullback] {
      if let part { bindStep(part) }
    }
    bindDense()
  }

  private func bindStep(_ part: Part) {
    let program = part.program.image
    part.table[Int(program.inputs[0])] = frame + image.pointee.scalars
    part.table[Int(program.inputs[1])] = frame + image.pointee.scalars + Storage.alignment
    for index in 0..<image.pointee.shared.count {
      part.table[Int(program.inputs[2 + image.pointee.carries.count + index])] =
        image.pointee.shared[index].resolved(in: slots)
    }
  }

  private func bindDense() {
    let carries = image.pointee.carries.count
    guard let replay, let emission = emissionPullback else { return }
    let inputs = emission.program.image.inputs
    emission.table[Int(inputs[0])] = frame + image.pointee.scalars + 2 * Storage.alignment
    emission.table[Int(inputs[1])] = frame + image.pointee.scalars + Storage.alignment
    for index in 0..<image.pointee.dense.count {
      let leaf = frame + image.pointee.dense[index].place
      replay.table[Int(replay.program.image.outputs[carries + index])] = leaf
      emission.table[Int(inputs[2 + 2 * carries + index])] = leaf
    }
  }

  // MARK: - Steps

  @inline(__always)
  func setTime(_ entry: Tape.Entry) {
    let place = frame + image.pointee.scalars
    image.pointee.scalar.store(entry.time, at: place)
    image.pointee.scalar.store(entry.stepSize, at: place + Storage.alignment)
  }

  func setPart(_ part: Double) {
    image.pointee.scalar.store(
      part, at: frame + image.pointee.scalars + 2 * Storage.alignment)
  }

  @inline(__always)
  func bindCarried(
    _ part: Part, from state: UnsafeMutableRawPointer, to next: UnsafeMutableRawPointer
  ) {
    for index in 0..<image.pointee.carries.count {
      let place = image.pointee.carries[index].leaf.place
      part.table[Int(part.program.image.inputs[2 + index])] = state + place
      part.table[Int(part.program.image.outputs[index])] = next + place
    }
  }

  @inline(__always)
  func bindPullback(
    _ part: Part, _ state: UnsafeMutableRawPointer, _ after: UnsafeMutableRawPointer,
    to before: UnsafeMutableRawPointer, _ sums: UnsafeMutableRawPointer,
    _ newSums: UnsafeMutableRawPointer
  ) {
    let (inputs, outputs) = (part.program.image.inputs, part.program.image.outputs)
    let carries = image.pointee.carries.count
    let cotangents = 2 + carries + image.pointee.shared.count
    for index in 0..<carries {
      let place = image.pointee.carries[index].leaf.place
      part.table[Int(inputs[2 + index])] = state + place
      part.table[Int(inputs[cotangents + index])] = after + place
      part.table[Int(outputs[index])] = before + place
    }
    let firstSums = frame + image.pointee.sumRows[0]
    for index in 0..<image.pointee.sums.count {
      let sum = image.pointee.sums[index]
      let place = sum.leaf.place
      let isReused = sum.isReused
      part.table[Int(inputs[cotangents + carries + index])] =
        (isReused ? firstSums : sums) + place
      part.table[Int(outputs[carries + index])] = (isReused ? firstSums : newSums) + place
    }
  }

  /// Lets the pullback of a step see the cotangents that came from what it emitted.
  func bindCollection(_ collection: UnsafeMutableRawPointer) {
    guard let pullback else { return }
    let carries = image.pointee.carries.count
    let start = 2 + 2 * carries + image.pointee.shared.count + image.pointee.sums.count
    for index in 0..<image.pointee.dense.count {
      pullback.table[Int(pullback.program.image.inputs[start + index])] =
        collection + image.pointee.denseCotangents[index].place
    }
    let next = start + image.pointee.dense.count
    for index in 0..<carries {
      pullback.table[Int(pullback.program.image.inputs[next + index])] =
        collection + image.pointee.carries[index].leaf.place
    }
  }

  func bindEmission(
    _ part: Part, _ state: UnsafeMutableRawPointer, _ next: UnsafeMutableRawPointer,
    _ collection: UnsafeMutableRawPointer, to newCollection: UnsafeMutableRawPointer, time: Int
  ) {
    let (inputs, outputs) = (part.program.image.inputs, part.program.image.outputs)
    let (carries, dense) = (image.pointee.carries.count, image.pointee.dense.count)
    for index in 0..<carries {
      let place = image.pointee.carries[index].leaf.place
      part.table[Int(inputs[2 + index])] = state + place
      part.table[Int(inputs[2 + carries + index])] = next + place
    }
    let cotangents = 2 + 2 * carries + dense
    for index in 0..<image.pointee.emissions.count {
      let emission = image.pointee.emissions[index]
      part.table[Int(inputs[cotangents + index])] =
        emission.first.resolved(in: slots).map { $0 + time * emission.bytes }
    }
    let collected = cotangents + image.pointee.emissions.count
    for index in 0..<2 * carries + dense {
      let place = collectedPlace(index)
      part.table[Int(inputs[collected + index])] = collection + place
      part.table[Int(outputs[index])] = newCollection + place
    }
  }

  /// Where a cotangent lies in a collection: of carried before, of carried after, of dense.
  private func collectedPlace(_ index: Int) -> Int {
    let carries = image.pointee.carries.count
    if index < carries { return image.pointee.carries[index].leaf.place }
    if index < 2 * carries {
      return image.pointee.states.bytes + image.pointee.carries[index - carries].leaf.place
    }
    return image.pointee.denseCotangents[index - 2 * carries].place
  }
}
