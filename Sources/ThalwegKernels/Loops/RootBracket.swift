/// An interval in which a function passes zero, narrowed by the function's values.
///
/// The next point is that of inverse quadratic interpolation where this is safe, and the middle
/// otherwise: never slower than halving, and mostly some six values to full precision.
///
/// - Source: T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of
///   a nonlinear function without using derivatives", Adv. Eng. Softw. 28 (1997),
///   doi:10.1016/S0965-9978(96)00051-8.
struct RootBracket {
  private typealias Point = (place: Double, value: Double)

  /// The newest end of the interval, the other one, and the one before.
  private var newest: Point
  private var other: Point
  private var former: Point
  private var part = 0.5
  /// How exactly the root is wanted, in units of itself and beside that.
  private let precision: Double
  private let floor: Double

  init(
    _ a: (place: Double, value: Double), _ b: (place: Double, value: Double), precision: Double,
    floor: Double
  ) {
    newest = b
    other = a
    former = b
    self.precision = precision
    self.floor = floor
  }

  /// The end nearer to the root.
  private var best: Point { other.value.magnitude < newest.value.magnitude ? other : newest }

  /// The best guess of the root.
  var root: Double { best.place }

  /// How near to an end the next point may be, as a part of the interval.
  private var least: Double {
    (precision * best.place.magnitude + floor) / (other.place - newest.place).magnitude
  }

  /// Where the function's value is wanted next; nil where the root is found.
  var next: Double? {
    guard best.value != 0, least <= 0.5 else { return nil }
    let part = Swift.min(1 - least, Swift.max(least, part))
    let place = newest.place + part * (other.place - newest.place)
    return place == newest.place || place == other.place ? nil : place
  }

  /// Narrows the interval by the value at the point that was wanted.
  mutating func narrow(_ value: Double) {
    guard let place = next else { return }
    if (value < 0) == (newest.value < 0) {
      former = newest
    } else {
      former = other
      other = newest
    }
    newest = (place, value)
    part = 0.5
    let x = (newest.place - other.place) / (former.place - other.place)
    let f = (newest.value - other.value) / (former.value - other.value)
    guard f * f < x, (1 - f) * (1 - f) < 1 - x else { return }
    let (a, b, c) = (newest.value, other.value, former.value)
    part =
      a / (b - a) * c / (b - c)
      + (former.place - newest.place) / (other.place - newest.place) * a / (c - a) * b / (c - b)
  }
}
