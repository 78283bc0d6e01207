import CThalwegKernels

/// The way of one sample through time, with steps of controlled size.
struct AdaptiveRun {
  let image: UnsafePointer<AdaptiveImage>
  private let site: UnsafeRawPointer
  var walk: GridWalk
  let search: EventSearch?
  /// What the walk begins with.
  let head: UnsafePointer<Double>
  var time: Double
  /// The size of the next step, with its sign, if no time to stop at is nearer.
  var stepSize: Double
  /// The event at which the walk ends.
  var finding: EventSearch.Finding?
  private var history = StepHistory()
  private var tries = 0
  private var accepted = 0
  /// The error of the last step, and why it was rejected, if that was not its error.
  private var error = 0.0
  private var failure: LoopFailure?
  /// What keeps steps within a stability region.
  private(set) var stability: StabilityRun?
  let direction: Double
  /// The size below which steps are too short at any time.
  private let leastStep: Double

  private static let startingFraction = 1e-6
  private static let leastFraction = 1e-32
  /// A step is stretched so much rather than followed by a very short one.
  private static let stretch = 1.01
  /// How far from a jump steps end and begin, in units of the rounding error of time.
  private static let jumpDistance = 8.0

  init(
    _ image: UnsafePointer<AdaptiveImage>, _ walk: GridWalk, _ search: EventSearch?,
    _ head: UnsafePointer<Double>, site: UnsafeRawPointer
  ) {
    self.image = image
    self.walk = walk
    self.search = search
    self.head = head
    self.site = site
    time = search == nil ? image.pointee.start : head[1]
    let firstStep = head[0]
    let span = image.pointee.stops[image.pointee.stopCount - 1].time - image.pointee.start
    direction = image.pointee.direction
    leastStep = Swift.max(
      image.pointee.controller.smallestStep, span.magnitude * Self.leastFraction)
    // Where the dynamics are not finite there is no guess.
    let isUsable = firstStep.isFinite && firstStep > 0
    stepSize = direction * (isUsable ? firstStep : span.magnitude * Self.startingFraction)
    stability = image.pointee.stability.map { StabilityRun($0, walk) }
  }

  /// Goes to the end or to an event; 0 means success.
  mutating func go() -> Int32 {
    let status = beginSearch()
    if status != 0 { return status }
    if image.pointee.equalSteps > 0 { return goEqually() }
    for stop in 0..<image.pointee.stopCount {
      let target = image.pointee.stops[stop]
      if (target.time - time) * direction < 0 { continue }
      let distance = target.isJump ? distance(from: target.time) : 0
      let end = target.time - distance
      while (end - time) * direction > 0 {
        let status = advance(to: end, timed: target.time)
        if status != 0 || finding != nil { return status }
      }
      guard target.isJump else { continue }
      time = target.time + distance
      history = StepHistory()
      guard stop + 1 < image.pointee.stopCount else { continue }
      let status = walk.begin(anewAt: time, stepSize)
      if status != 0 { return pass(status) }
    }
    return 0
  }

  /// How far from a jump rounding does not take time to its other side.
  private func distance(from jump: Double) -> Double {
    let scalar = image.pointee.grid.scalar
    let precision = scalar == .float32 ? Double(Float.ulpOfOne) : .ulpOfOne
    let scale = Swift.max(jump.magnitude, time.magnitude)
    return direction * Self.jumpDistance * precision * scale
  }

  /// Tries one step that does not go beyond a time, which may be that just before a jump; 0 unless
  /// nothing is left to try.
  @inline(__always)
  private mutating func advance(to end: Double, timed mark: Double) -> Int32 {
    let law = image.pointee.controller
    guard tries < law.maximumSteps else {
      return giveUp(LoopFailure(kind: .tooManySteps, count: law.maximumSteps), stepSize)
    }
    tries += 1
    let free = Swift.min(stepSize.magnitude, law.largestStep)
    // What is tried again begins at the same state.
    if !history.isRetrying { stability?.prepare(walk, time, before: free) }
    let limit = stability?.limit ?? .infinity
    let wanted = direction * Swift.min(free, limit)
    let room = end - time
    let isLast = wanted.magnitude * Self.stretch >= room.magnitude
    // A tenth of a step must still make a difference to time.
    let isDistinct = 0.1 * wanted.magnitude > time.magnitude * .ulpOfOne
    guard isLast || isDistinct && wanted.magnitude >= leastStep else {
      return giveUp(failure ?? LoopFailure(kind: .stepUnderflow, value: error), wanted)
    }
    let size = image.pointee.grid.scalar.rounded(isLast ? room : wanted)
    let status = walk.attempt(time, size)
    if status != 0, !walk.record.pointee.failure.isRecoverable { return pass(status) }
    guard isAcceptable(size, solved: status == 0) else { return 0 }
    let reached = isLast ? end : time + size
    if search != nil {
      let status = look(size, to: reached)
      if status != 0 || finding != nil || failure != nil { return status }
    }
    let entry = Tape.Entry(time: time, stepSize: size, end: isLast ? mark : reached)
    let emission = walk.accept(entry)
    if emission != 0 { return pass(emission) }
    count(size.magnitude)
    stability?.count(size.magnitude, limited: limit < free && !isLast)
    time = reached
    stepSize = size * history.factor(accepting: error, law)
    // A step that was shortened in order to end here does not make the next one short.
    if isLast, wanted.magnitude > stepSize.magnitude { stepSize = wanted }
    return 0
  }

  /// Whether the last attempt may be taken; if not, the next one is shorter.
  @inline(__always)
  private mutating func isAcceptable(_ size: Double, solved isSolved: Bool) -> Bool {
    guard isSolved else {
      reject(size, for: walk.record.pointee.failure)
      return false
    }
    if let failure = image.firstNonFinite(of: walk) {
      reject(size, for: failure)
      return false
    }
    error = image.error(of: walk)
    // Written so that a NaN is too large.
    guard error <= 1 else {
      reject(size, for: nil)
      return false
    }
    failure = nil
    return true
  }

  @inline(__always)
  mutating func count(_ size: Double) {
    accepted += 1
    let record = walk.record
    record.pointee.counts.accepted += 1
    record.pointee.counts.smallestStep = Swift.min(record.pointee.counts.smallestStep, size)
    record.pointee.counts.largestStep = Swift.max(record.pointee.counts.largestStep, size)
  }

  /// Goes on with a shorter step, because of the error or a failure.
  mutating func reject(_ size: Double, for failure: LoopFailure?) {
    walk.record.pointee.counts.rejected += 1
    self.failure = failure
    let isMeasured = failure == nil && error.isFinite
    let factor =
      isMeasured
      ? history.factor(rejecting: error, image.pointee.controller) : history.factorAfterFailure()
    stepSize = size * factor
  }

  /// Says in which step a solver failed.
  func pass(_ status: Int32) -> Int32 {
    let failure = walk.record.pointee.failure
    return failure.isOfSolver ? giveUp(failure, stepSize) : status
  }

  func giveUp(_ failure: LoopFailure, _ size: Double) -> Int32 {
    var failure = failure
    failure.site = UInt(bitPattern: site)
    failure.isRecoverable = true
    // A walk with events goes from one to the next.
    failure.iteration = search == nil ? accepted : walk.record.pointee.counts.accepted
    failure.time = time
    failure.stepSize = size
    failure.norm = image.norm(of: walk)
    walk.record.pointee.failure = failure
    return 1
  }
}

extension UnsafePointer<AdaptiveImage> {
  /// The root of the mean of the squared errors of the last attempt.
  @inline(__always)
  fileprivate func error(of walk: GridWalk) -> Double {
    var sum = 0.0
    for index in 0..<pointee.errorCount {
      let leaf = pointee.errors[index]
      sum += leaf.dtype.load(from: walk.frame + leaf.place)
    }
    return (sum / pointee.componentCount).squareRoot()
  }

  /// The first number that is not finite in what the last attempt computed.
  @inline(__always)
  func firstNonFinite(of walk: GridWalk) -> LoopFailure? {
    for index in 0..<pointee.grid.carryCount {
      if let sentinel = pointee.sentinels[index],
        sentinel.dtype.load(from: walk.frame + sentinel.place).isFinite
      {
        continue
      }
      let leaf = pointee.grid.carries[index].leaf
      let buffer = walk.next + leaf.place
      let element =
        leaf.dtype == .float32
        ? tw_first_beyond_f32(
          buffer.assumingMemoryBound(to: Float.self), Int64(leaf.count), .infinity)
        : tw_first_beyond_f64(
          buffer.assumingMemoryBound(to: Double.self), Int64(leaf.count), .infinity)
      guard element >= 0 else { continue }
      return LoopFailure(
        kind: .nonFinite, leaf: index, element: Int(element),
        value: leaf.dtype.load(from: buffer + Int(element) * leaf.dtype.size))
    }
    return nil
  }

  /// The Euclidean norm of what is carried.
  fileprivate func norm(of walk: GridWalk) -> Double {
    scaledNorm { forEachCarried(by: walk, $0) }
  }

  private func forEachCarried(by walk: GridWalk, _ body: (Double) -> Void) {
    for index in 0..<pointee.grid.carryCount {
      let leaf = pointee.grid.carries[index].leaf
      let buffer = walk.current + leaf.place
      for element in 0..<leaf.count {
        body(leaf.dtype.load(from: buffer + element * leaf.dtype.size))
      }
    }
  }
}
