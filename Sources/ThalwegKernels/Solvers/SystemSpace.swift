/// How the unknowns of one or several systems of equations lie in a vector.
///
/// The leaves of a state lie one behind the other. Where there are several systems, each has one
/// index of the leading axis of every leaf.
struct SystemLayout: BitwiseCopyable {
  /// Where each leaf begins, and its elements of one system.
  struct Leaf: BitwiseCopyable {
    var start: Int
    var count: Int
  }

  var leaves: UnsafePointer<Leaf>
  var leafCount: Int
  var systems: Int
  /// The elements of all systems together, and of one.
  var count: Int
  var size: Int
}

/// The vectors of the unknowns of several systems, which know nothing of each other.
struct SystemSpace<Scalar: SolverScalar>: BitwiseCopyable {
  typealias Vector = UnsafeMutablePointer<Scalar>

  let layout: SystemLayout

  var systems: Int { layout.systems }
  /// The unknowns of one system.
  var size: Int { layout.size }
  /// The elements of a vector.
  var count: Int { layout.count }

  /// Calls the body for every stretch of the elements of a system.
  @inline(__always)
  func forEachStretch(of system: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    if layout.systems == 1 {
      body(0, layout.count)
      return
    }
    for index in 0..<layout.leafCount {
      let leaf = layout.leaves[index]
      body(leaf.start + system * leaf.count, leaf.count)
    }
  }

  func dot(_ a: Vector, _ b: Vector, _ system: Int) -> Double {
    var sum = 0.0
    forEachStretch(of: system) { start, count in sum += Scalar.dot(a + start, b + start, count) }
    return sum
  }

  func norm(_ a: Vector, _ system: Int) -> Double { dot(a, a, system).squareRoot() }

  /// The inner products of a vector with `vectors` others that lie one behind the other.
  func dots(
    _ sums: UnsafeMutablePointer<Double>, _ basis: Vector, _ vectors: Int, _ w: Vector,
    _ system: Int
  ) {
    sums.update(repeating: 0, count: vectors)
    forEachStretch(of: system) { start, count in
      Scalar.dots(sums, basis + start, layout.count, vectors, w + start, count)
    }
  }

  /// Adds `sign` times a combination of vectors that lie one behind the other.
  func combine(
    _ w: Vector, _ sign: Double, _ factors: UnsafeMutablePointer<Double>, _ basis: Vector,
    _ vectors: Int, _ system: Int
  ) {
    forEachStretch(of: system) { start, count in
      Scalar.combine(w + start, sign, factors, basis + start, layout.count, vectors, count)
    }
  }

  /// a x + b y, which may be written over either.
  func blend(
    _ result: Vector, _ a: Double, _ x: Vector, _ b: Double, _ y: Vector, _ system: Int
  ) {
    forEachStretch(of: system) { start, count in
      Scalar.blend(result + start, a, x + start, b, y + start, count)
    }
  }

  func scale(_ a: Vector, by factor: Double, _ system: Int) { blend(a, factor, a, 0, a, system) }

  func copy(_ a: Vector, to b: Vector, _ system: Int) {
    forEachStretch(of: system) { start, count in
      (b + start).update(from: a + start, count: count)
    }
  }

  func clear(_ a: Vector, _ system: Int) {
    forEachStretch(of: system) { start, count in
      (a + start).update(repeating: 0, count: count)
    }
  }

  /// Writes the elements of a system one behind the other, as doubles.
  func gather(_ a: Vector, into values: UnsafeMutablePointer<Double>, _ system: Int) {
    var place = 0
    forEachStretch(of: system) { start, count in
      for index in 0..<count { values[place + index] = Double(a[start + index]) }
      place += count
    }
  }

  /// The other way round.
  func scatter(_ values: UnsafeMutablePointer<Double>, into a: Vector, _ system: Int) {
    var place = 0
    forEachStretch(of: system) { start, count in
      for index in 0..<count { a[start + index] = Scalar(values[place + index]) }
      place += count
    }
  }

  /// Where an unknown of a system lies.
  func index(of unknown: Int, _ system: Int) -> Int {
    var (place, result) = (unknown, 0)
    forEachStretch(of: system) { start, count in
      if place >= 0, place < count { result = start + place }
      place -= count
    }
    return result
  }

  /// The root mean square in units of `absolute + relative |scale|`.
  func weighedNorm(
    _ x: Vector, _ scale: Vector, absolute: Double, relative: Double, _ system: Int
  ) -> Double {
    var sum = 0.0
    forEachStretch(of: system) { start, count in
      sum += Scalar.weighedSquare(x + start, scale + start, absolute, relative, count)
    }
    return (sum / Double(layout.size)).squareRoot()
  }
}

/// Places blocks of memory one behind the other in a frame.
struct FrameLayout {
  private(set) var bytes = 0

  mutating func reserve(bytes size: Int) -> Int {
    defer { bytes += ProgramImage.aligned(size) }
    return bytes
  }

  mutating func reserve<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> Int {
    reserve(bytes: count * MemoryLayout<Element>.stride)
  }
}
