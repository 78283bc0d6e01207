extension AdaptiveRun {
  /// Notes the signs of conditions at the beginning.
  mutating func beginSearch() -> Int32 {
    guard let search else { return 0 }
    let end = image.pointee.stops[image.pointee.stopCount - 1].time
    guard (end - time) * direction > 0 else { return 0 }
    do throws(LoopFailure) {
      try search.begin(&walk, at: time, stepSize, leaving: head + EventForm.headCount)
      return 0
    } catch {
      return stop(for: error, stepSize)
    }
  }

  /// Looks for an event in the step that was attempted last; 0 unless nothing is left to try.
  mutating func look(_ size: Double, to reached: Double) -> Int32 {
    guard let search else { return 0 }
    do throws(LoopFailure) {
      finding = try search.find(in: &walk, from: time, by: size, to: reached)
      guard let finding else { return 0 }
      guard head[2] > 0 else {
        return giveUp(LoopFailure(kind: .tooManyEvents, leaf: finding.condition), size)
      }
      walk.record.pointee.counts.events += 1
      return 0
    } catch {
      guard image.pointee.equalSteps == 0, error.mayVanish else { return stop(for: error, size) }
      reject(size, for: error)
      return 0
    }
  }

  /// Says where a search failed.
  private func stop(for failure: LoopFailure, _ size: Double) -> Int32 {
    walk.record.pointee.failure = failure
    return failure.isOfEvent ? giveUp(failure, size) : pass(1)
  }

  /// Writes down where the walk ended and what was found there.
  func reportEvents(of sample: Int, _ slots: GridWalk.Slots) {
    guard let search, let found = search.image.pointee.found.resolved(in: slots) else { return }
    let count = EventForm.foundCount + search.count
    let row = found.assumingMemoryBound(to: Double.self) + sample * count
    row[0] = time
    row[1] = finding?.stepSize ?? 0
    row[2] = finding.map { Double($0.condition) } ?? -1
    row[3] = stepSize.magnitude
    for index in 0..<search.count {
      row[EventForm.foundCount + index] = finding == nil ? 0 : search.isLeaving[index]
    }
  }

  // MARK: - Equal steps

  /// Goes to the end or to an event by steps that end at equal distances.
  mutating func goEqually() -> Int32 {
    let steps = image.pointee.equalSteps
    let (start, end) = (image.pointee.start, image.pointee.stops[image.pointee.stopCount - 1].time)
    let whole = (end - start) / Double(steps)
    func place(_ step: Int) -> Double { step == steps ? end : start + Double(step) * whole }
    func isBehind(_ place: Double) -> Bool { (time - place) * direction >= 0 }
    var step = Swift.max(0, Swift.min(steps, Int((time - start) / whole)))
    while step > 0, !isBehind(place(step)) { step -= 1 }
    while step < steps, isBehind(place(step + 1)) { step += 1 }
    while step < steps {
      let reached = place(step + 1)
      // Behind an event the rest of a step is left.
      let isWhole = time == place(step)
      let size = image.pointee.grid.scalar.rounded(isWhole ? whole : reached - time)
      let status = take(size, to: reached)
      if status != 0 || finding != nil { return status }
      step += 1
    }
    return 0
  }

  private mutating func take(_ size: Double, to reached: Double) -> Int32 {
    let status = walk.attempt(time, size)
    if status != 0 { return pass(status) }
    if let failure = image.firstNonFinite(of: walk) { return giveUp(failure, size) }
    stepSize = size
    let search = look(size, to: reached)
    if search != 0 || finding != nil { return search }
    let emission = walk.accept(Tape.Entry(time: time, stepSize: size, end: reached))
    if emission != 0 { return pass(emission) }
    count(size.magnitude)
    time = reached
    return 0
  }
}

extension LoopFailure {
  /// Whether a shorter step may do without it.
  fileprivate var mayVanish: Bool { kind == .nonFiniteCondition || isRecoverable }
}
