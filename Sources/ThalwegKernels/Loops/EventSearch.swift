/// The search for events in the steps of a walk.
///
/// After each step conditions are compared with what they were before it, and within it by
/// interpolation. Where one seems to have passed zero, the parts of the step are taken again as steps
/// of their own, which decides; so is every guess of the time of the passage. A condition that is zero
/// to begin with, or was made so by the last event, has the sign that it has just afterwards.
struct EventSearch {
  /// What was found in a step.
  struct Finding: BitwiseCopyable {
    /// The size of the step that ends at the event.
    var stepSize: Double
    /// The condition that passes zero first.
    var condition: Int
  }

  let image: UnsafePointer<EventImage>
  private let scalar: DType
  private let direction: Double
  private let frame: UnsafeMutableRawPointer
  private let values: SlotTable
  private let rates: SlotTable
  private let inner: SlotTable?
  private let rows: UnsafeMutablePointer<Double>

  /// The part of a step after which signs are asked for that derivatives do not tell.
  private static let nudge = 1e-6
  /// Events nearer to the last one than so many rounding errors of time follow it at once.
  private static let least = 4.0

  init(_ image: UnsafePointer<EventImage>, _ walk: GridWalk, direction: Double) {
    self.image = image
    self.direction = direction
    scalar = walk.image.pointee.scalar
    frame = walk.frame
    rows = (frame + image.pointee.rows).assumingMemoryBound(to: Double.self)
    values = image.pointee.values.bind(in: frame, walk.record)
    rates = image.pointee.rates.bind(in: frame, walk.record)
    inner = image.pointee.inner?.bind(in: frame, walk.record)
    image.bind(values, image.pointee.values, rows: 1, walk)
    image.bind(rates, image.pointee.rates, rows: 1, walk)
    if let inner, let program = image.pointee.inner { image.bind(inner, program, rows: 2, walk) }
  }

  var count: Int { image.pointee.count }
  private var partCount: Int { image.pointee.partCount }

  // MARK: - Rows

  private func row(_ index: Int) -> UnsafeMutablePointer<Double> { rows + index * count }
  /// The signs of conditions at the beginning of a step: -1, 0 or 1.
  var signs: UnsafeMutablePointer<Double> { row(0) }
  /// Whether a condition is about to leave zero; in the end, whether it has just passed it.
  var isLeaving: UnsafeMutablePointer<Double> { row(1) }
  private var slopes: UnsafeMutablePointer<Double> { row(2) }
  var tried: UnsafeMutablePointer<Double> { row(3) }
  /// Values after so many parts of a step.
  func values(after part: Int) -> UnsafeMutablePointer<Double> { row(4 + part) }

  private static func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }

  // MARK: - Values

  /// Computes the values of conditions at a state, or what else a program gives for each.
  private func compute(
    _ program: GridProgram, _ table: SlotTable, _ walk: GridWalk, _ time: Double, _ size: Double,
    of state: UnsafeMutableRawPointer, into row: UnsafeMutablePointer<Double>
  ) throws(LoopFailure) {
    scalar.store(time, at: frame + image.pointee.scalars)
    scalar.store(size, at: frame + image.pointee.scalars + Storage.alignment)
    let form = walk.image.pointee
    for index in 0..<form.carryCount {
      table[Int(program.image.inputs[2 + index])] = state + form.carries[index].leaf.place
    }
    table[Int(program.image.outputs[0])] = UnsafeMutableRawPointer(row)
    walk.record.pointee.counts.evaluations += program.evaluations
    guard program.image.execute(table) == 0 else { throw walk.record.pointee.failure }
  }

  private func evaluate(
    _ walk: GridWalk, at time: Double, _ state: UnsafeMutableRawPointer,
    into row: UnsafeMutablePointer<Double>
  ) throws(LoopFailure) {
    try compute(image.pointee.values, values, walk, time, 0, of: state, into: row)
    try check(row)
  }

  private func check(_ row: UnsafeMutablePointer<Double>) throws(LoopFailure) {
    for index in 0..<count where !row[index].isFinite {
      throw LoopFailure(kind: .nonFiniteCondition, leaf: index, value: row[index])
    }
  }

  /// Takes a step and computes the values of conditions at its end.
  func take(
    _ walk: inout GridWalk, _ time: Double, _ size: Double, into row: UnsafeMutablePointer<Double>
  ) throws(LoopFailure) {
    let size = scalar.rounded(size)
    guard walk.attempt(time, size) == 0 else { throw walk.record.pointee.failure }
    try evaluate(walk, at: time + size, walk.next, into: row)
  }

  // MARK: - Steps

  /// Notes the signs at the beginning of a walk, whose first step may have a size.
  func begin(
    _ walk: inout GridWalk, at time: Double, _ size: Double,
    leaving flags: UnsafePointer<Double>
  ) throws(LoopFailure) {
    let start = values(after: 0)
    try evaluate(walk, at: time, walk.current, into: start)
    var isAnyLeaving = false
    for index in 0..<count {
      isLeaving[index] = flags[index] != 0 || start[index] == 0 ? 1 : 0
      signs[index] = Self.sign(start[index])
      if isLeaving[index] != 0 { isAnyLeaving = true }
    }
    guard isAnyLeaving else { return }
    try compute(image.pointee.rates, rates, walk, time, size, of: walk.current, into: slopes)
    var isUnclear = false
    for index in 0..<count where isLeaving[index] != 0 {
      let slope = slopes[index] * direction
      signs[index] = slope.isFinite ? Self.sign(slope) : 0
      if signs[index] == 0 { isUnclear = true }
    }
    guard isUnclear else { return }
    try take(&walk, time, Self.nudge * size, into: tried)
    for index in 0..<count where isLeaving[index] != 0 && signs[index] == 0 {
      signs[index] = Self.sign(tried[index])
    }
  }

  /// Looks for an event in the step that was attempted last, which remains as it is if there is none.
  func find(
    in walk: inout GridWalk, from time: Double, by size: Double, to end: Double
  ) throws(LoopFailure) -> Finding? {
    let last = values(after: partCount)
    try evaluate(walk, at: end, walk.next, into: last)
    if let inner, let program = image.pointee.inner {
      bindEnd(of: walk)
      try compute(program, inner, walk, time, size, of: walk.current, into: values(after: 1))
      for part in 1..<partCount { try check(values(after: part)) }
    }
    var finding: Finding?
    if firstPassage() != nil {
      for part in 1..<partCount {
        try take(
          &walk, time, size * Double(part) / Double(partCount), into: values(after: part))
      }
      if let part = firstPassage() { finding = try earliest(in: part, &walk, time, size) }
      // The step as it was attempted, which other attempts have written over.
      if finding == nil, partCount > 1 { try take(&walk, time, size, into: tried) }
    }
    guard finding == nil else { return finding }
    for index in 0..<count {
      signs[index] = Self.sign(last[index])
      isLeaving[index] = 0
      values(after: 0)[index] = last[index]
    }
    return nil
  }

  private func bindEnd(of walk: GridWalk) {
    guard let inner, let program = image.pointee.inner else { return }
    let form = walk.image.pointee
    for index in 0..<form.carryCount {
      inner[Int(program.image.inputs[2 + form.carryCount + index])] =
        walk.next + form.carries[index].leaf.place
    }
  }

  // MARK: - Passages

  /// The first part of the step in which a condition passes zero; nil where none does.
  private func firstPassage() -> Int? {
    var first: Int?
    for index in 0..<count {
      guard let passage = passage(of: index), passage.part < first ?? .max else { continue }
      first = passage.part
    }
    return first
  }

  /// The first part of the step in which a condition passes zero in a way that counts, and its sign
  /// before.
  private func passage(of index: Int) -> (part: Int, sign: Double)? {
    let allowed = image.pointee.passages[index]
    var sign = signs[index]
    for part in 1...partCount {
      let other = Self.sign(values(after: part)[index])
      if other == sign { continue }
      if sign != 0, allowed.contains(sign < 0 ? .rising : .falling) { return (part, sign) }
      sign = other
    }
    return nil
  }

  /// The earliest event in a part of the step.
  private func earliest(
    in part: Int, _ walk: inout GridWalk, _ time: Double, _ size: Double
  ) throws(LoopFailure) -> Finding {
    var finding = Finding(stepSize: .infinity, condition: 0)
    // Rows that are no longer needed: signs are not, once there is an event.
    for index in 0..<count {
      guard let passage = passage(of: index), passage.part == part else {
        slopes[index] = .infinity
        continue
      }
      slopes[index] = try root(of: index, passage, &walk, time, size)
      guard slopes[index].magnitude < finding.stepSize.magnitude else { continue }
      finding = Finding(stepSize: slopes[index], condition: index)
    }
    let resolution = scalar.resolution * Swift.max(time.magnitude, size.magnitude)
    for index in 0..<count {
      let distance = (slopes[index] - finding.stepSize).magnitude
      isLeaving[index] = distance <= Self.least * 4 * resolution ? 1 : 0
    }
    return finding
  }

  /// The size of the step at whose end a condition is zero.
  private func root(
    of index: Int, _ passage: (part: Int, sign: Double), _ walk: inout GridWalk, _ time: Double,
    _ size: Double
  ) throws(LoopFailure) -> Double {
    let (part, sign) = passage
    let resolution = scalar.resolution * Swift.max(time.magnitude, size.magnitude)
    var before = (
      place: size * Double(part - 1) / Double(partCount), value: values(after: part - 1)[index]
    )
    var after = (
      place: part == partCount ? size : size * Double(part) / Double(partCount),
      value: values(after: part)[index]
    )
    while Self.sign(before.value) != sign {
      // What has just left zero may have returned to it long before this part of the step ends.
      let place = after.place / 2
      guard place.magnitude > Self.least * resolution else {
        throw LoopFailure(kind: .accumulatingEvents, leaf: index, value: place)
      }
      try take(&walk, time, place, into: tried)
      if Self.sign(tried[index]) == sign {
        before = (place, tried[index])
      } else {
        after = (place, tried[index])
      }
    }
    var bracket = RootBracket(
      before, after, precision: scalar.resolution, floor: resolution / 1024)
    while let place = bracket.next {
      try take(&walk, time, place, into: tried)
      bracket.narrow(tried[index])
    }
    return scalar.rounded(bracket.root)
  }
}

extension UnsafePointer<EventImage> {
  /// Binds what stays the same: scalars, shared buffers, and what is dense where there are two rows.
  fileprivate func bind(
    _ table: SlotTable, _ program: GridProgram, rows: Int, _ walk: GridWalk
  ) {
    let form = walk.image.pointee
    table[Int(program.image.inputs[0])] = walk.frame + pointee.scalars
    table[Int(program.image.inputs[1])] = walk.frame + pointee.scalars + Storage.alignment
    var place = 2 + rows * form.carryCount
    if rows == 2 {
      for index in 0..<form.denseCount {
        table[Int(program.image.inputs[place])] = walk.frame + form.dense[index].place
        place += 1
      }
    }
    for index in 0..<pointee.sharedCount {
      table[Int(program.image.inputs[place + index])] =
        pointee.shared[index].resolved(in: walk.slots)
    }
  }
}

extension DType {
  /// The distance of 1 from the next number.
  var resolution: Double { self == .float32 ? Double(Float.ulpOfOne) : .ulpOfOne }
}
