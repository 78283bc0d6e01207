internal import Glibc

/// The estimate of the largest eigenvalues along a walk, and the step that they allow.
///
/// Power iteration: a direction is multiplied by the Jacobian again and again, on from step to step. Of
/// the plane of the last two directions the eigenvalues are known, a complex pair too; in it they are
/// better than the direction alone.
struct StabilityRun {
  private let image: StabilityImage
  private let frame: UnsafeMutableRawPointer
  private let table: SlotTable
  /// The largest size of a step that is stable.
  private(set) var limit = Double.infinity
  /// The magnitude of the largest eigenvalue.
  private(set) var radius = 0.0
  /// Which row holds the last direction; the one before it and the image follow.
  private var side = 0
  /// The length of the image of the direction before the last one; 0 where there is none.
  private var previousLength = 0.0
  private var hasBegun = false
  private var stepsSince = 0
  private(set) var counts = StabilityCounts()

  /// The part of the reach that is used: the estimate comes from below.
  private static let safety = 0.9
  /// Beyond this part of the limit, the estimate is renewed with each step.
  private static let nearness = 0.25
  /// Otherwise after so many steps.
  private static let interval = 8
  private static let leastRounds = 3
  private static let mostRounds = 12
  private static let settled = 0.03

  init(_ image: StabilityImage, _ walk: GridWalk) {
    self.image = image
    frame = walk.frame
    table = image.product.bind(in: walk.frame, walk.record)
    let inputs = image.product.image.inputs
    let scalars = walk.image.pointee.scalars
    let carries = walk.image.pointee.carryCount
    table[Int(inputs[0])] = frame + scalars
    table[Int(inputs[1])] = frame + scalars + Storage.alignment
    for index in 0..<image.sharedCount {
      table[Int(inputs[2 + carries + index])] = image.shared[index].resolved(in: walk.slots)
    }
    scatter()
  }

  /// Renews the estimate, where that is due, before a step from what a walk carries.
  @inline(__always)
  mutating func prepare(_ walk: GridWalk, _ time: Double, before step: Double) {
    stepsSince += 1
    guard !hasBegun || step > Self.nearness * limit || stepsSince >= Self.interval else { return }
    renew(walk, time, before: step)
  }

  private mutating func renew(_ walk: GridWalk, _ time: Double, before step: Double) {
    let least = hasBegun ? 1 : Self.leastRounds
    (hasBegun, stepsSince) = (true, 0)
    bind(walk, time)
    for round in 1...Self.mostRounds {
      let earlier = radius
      iterate(walk.record)
      let isSettled = (radius - earlier).magnitude <= Self.settled * radius
      if round >= least, isSettled || step <= Self.nearness / 2 * limit { break }
    }
  }

  /// Notes a step that was taken.
  @inline(__always)
  mutating func count(_ size: Double, limited isLimited: Bool) {
    counts.limited += isLimited ? 1 : 0
    counts.largestReach = Swift.max(counts.largestReach, size * radius)
  }

  // MARK: - Iteration

  private func row(_ index: Int) -> UnsafeMutableRawPointer {
    frame + image.rows + (side + index) % 3 * image.rowBytes
  }

  private func bind(_ walk: GridWalk, _ time: Double) {
    walk.image.pointee.scalar.store(time, at: frame + walk.image.pointee.scalars)
    let inputs = image.product.image.inputs
    for index in 0..<walk.image.pointee.carryCount {
      table[Int(inputs[2 + index])] = walk.current + walk.image.pointee.carries[index].leaf.place
    }
  }

  private mutating func iterate(_ record: UnsafeMutablePointer<RunRecord>) {
    let (inputs, outputs) = (image.product.image.inputs, image.product.image.outputs)
    let (direction, before, product) = (row(0), row(1), row(2))
    for index in 0..<image.leafCount {
      let place = image.leaves[index].place
      table[Int(inputs[image.directionStart + index])] = direction + place
      table[Int(outputs[index])] = product + place
    }
    record.pointee.counts.jvps += 1
    counts.products += 1
    let status = image.product.image.execute(table)
    let length = dot(product, product).squareRoot()
    guard status == 0, length.isFinite, length > 0 else {
      // Nothing is known where there is no derivative, and nothing limits where it vanishes.
      (limit, radius) = (.infinity, 0)
      return scatter()
    }
    estimate(direction, before, product, length)
    scale(product, by: 1 / length)
    previousLength = length
    side = (side + 2) % 3
  }

  /// Finds the eigenvalues in the plane of a direction and the one before it.
  private mutating func estimate(
    _ direction: UnsafeMutableRawPointer, _ before: UnsafeMutableRawPointer,
    _ product: UnsafeMutableRawPointer, _ length: Double
  ) {
    (limit, radius) = (.infinity, 0)
    let own = dot(direction, product)
    guard previousLength > 0 else {
      radius = length
      return
    }
    let cosine = dot(before, direction)
    let sine = 1 - cosine * cosine
    // Directions that agree have found their eigenvalue.
    guard sine > 1e-6 else { return admit(own, 0) }
    let cross = dot(before, product)
    // The entries in the basis of `before` and what is orthogonal to it; those off the diagonal only
    // matter by their product.
    let a = previousLength * cosine
    let d = (own - cosine * (previousLength + cross - cosine * a)) / sine
    let off = previousLength * (cross - cosine * a)
    let (center, spread) = ((a + d) / 2, (a - d) * (a - d) / 4 + off)
    guard spread < 0 else {
      admit(center + spread.squareRoot(), 0)
      return admit(center - spread.squareRoot(), 0)
    }
    admit(center, (-spread).squareRoot())
  }

  /// Keeps steps short enough for an eigenvalue, or a pair.
  private mutating func admit(_ real: Double, _ imaginary: Double) {
    let magnitude = (real * real + imaginary * imaginary).squareRoot()
    radius = Swift.max(radius, magnitude)
    // What grows is left to the errors of steps.
    let decay = Swift.max(-real, 0)
    let size = (decay * decay + imaginary * imaginary).squareRoot()
    guard size > 0 else { return }
    let position = atan2(decay, imaginary.magnitude) / (.pi / 2) * Double(image.reachCount - 1)
    let place = Swift.min(Int(position), image.reachCount - 2)
    let reach = Swift.min(image.reach[place], image.reach[place + 1])
    limit = Swift.min(limit, Self.safety * reach / size)
  }

  // MARK: - Directions

  /// Begins anew in a direction without a pattern, always the same.
  private mutating func scatter() {
    (side, previousLength) = (0, 0)
    var state: UInt64 = 0xd129_8a2e_03c7_9b15
    for index in 0..<image.leafCount {
      let leaf = image.leaves[index]
      for element in 0..<leaf.count {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        let value = Double((bits ^ (bits >> 31)) >> 11) * 0x1p-52 - 1
        leaf.dtype.store(value, at: row(0) + leaf.place + element * leaf.dtype.size)
      }
    }
    let length = dot(row(0), row(0)).squareRoot()
    if length > 0 { scale(row(0), by: 1 / length) }
  }

  private func dot(_ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer) -> Double {
    var sum = 0.0
    for index in 0..<image.leafCount {
      let leaf = image.leaves[index]
      sum +=
        leaf.dtype == .float32
        ? Self.dot(Float.self, a + leaf.place, b + leaf.place, leaf.count)
        : Self.dot(Double.self, a + leaf.place, b + leaf.place, leaf.count)
    }
    return sum
  }

  private static func dot<Scalar: BinaryFloatingPoint & SIMDScalar>(
    _ type: Scalar.Type, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, _ count: Int
  ) -> Double {
    let (a, b) = (a.assumingMemoryBound(to: Scalar.self), b.assumingMemoryBound(to: Scalar.self))
    // Several sums, which do not wait for each other.
    var sums = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index + 4 <= count {
      sums.0 += Double(a[index]) * Double(b[index])
      sums.1 += Double(a[index + 1]) * Double(b[index + 1])
      sums.2 += Double(a[index + 2]) * Double(b[index + 2])
      sums.3 += Double(a[index + 3]) * Double(b[index + 3])
      index += 4
    }
    while index < count {
      sums.0 += Double(a[index]) * Double(b[index])
      index += 1
    }
    return sums.0 + sums.1 + (sums.2 + sums.3)
  }

  private func scale(_ row: UnsafeMutableRawPointer, by factor: Double) {
    for index in 0..<image.leafCount {
      let leaf = image.leaves[index]
      let place = row + leaf.place
      switch leaf.dtype {
      case .float32:
        let numbers = place.assumingMemoryBound(to: Float.self)
        for element in 0..<leaf.count { numbers[element] *= Float(factor) }
      case .float64:
        let numbers = place.assumingMemoryBound(to: Double.self)
        for element in 0..<leaf.count { numbers[element] *= factor }
      }
    }
  }
}
