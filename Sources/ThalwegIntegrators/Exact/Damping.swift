import ThalwegKernels
import ThalwegTensors

/// Multiplication by a factor γ < 1, in exact arithmetic one that can be undone.
///
/// With γ = n/d, V the number on the grid as a whole number and B the bits lost so far, the product is
///
///     B ← B d + V mod d,   V ← ⌊V / d⌋ n + B mod n,   B ← ⌊B / n⌋
///
/// which is one to one. V differs from γV by less than n, so that the product is exact up to n·2^-k.
struct Damping: Hashable, Sendable {
  let factor: Double
  let arithmetic: Arithmetic
  private let numerator: Int
  private let denominator: Int

  init(_ factor: Double, _ arithmetic: Arithmetic) {
    require(factor > 0 && factor < 1, "damping: a factor of \(factor) is not between 0 and 1")
    self.arithmetic = arithmetic
    (numerator, denominator) = Self.ratio(nearest: factor)
    self.factor = arithmetic.isExact ? Double(numerator) / Double(denominator) : factor
  }

  /// The nearest ratio of numbers up to 1024, in lowest terms, between 0 and 1.
  private static func ratio(nearest factor: Double) -> (Int, Int) {
    var best = (numerator: 1, denominator: 2)
    var error = Double.infinity
    for denominator in 2...1024 {
      let rounded = Int((factor * Double(denominator)).rounded())
      let numerator = Swift.min(Swift.max(rounded, 1), denominator - 1)
      let distance = (Double(numerator) / Double(denominator) - factor).magnitude
      guard distance < error else { continue }
      best = (numerator, denominator)
      error = distance
    }
    return best
  }

  private func schedule(_ dtype: DType) -> BitSchedule {
    BitSchedule(numerator, denominator, dtype)
  }

  // MARK: - Buffers

  /// An empty buffer that lasts for so many steps.
  func buffer(for leaves: [Tensor], steps: Int) -> BitBuffer {
    guard arithmetic.isExact, let first = leaves.first else { return .none }
    return BitBuffer(
      heads: leaves.map { .zeros($0.shape, dtype: $0.dtype) },
      limbs: leaves.map { leaf in
        let limbs = schedule(leaf.dtype).limbs(for: steps)
        return .zeros(Shape([limbs] + leaf.shape.dimensions), dtype: leaf.dtype)
      },
      count: [.zeros([], dtype: first.dtype)])
  }

  /// The limits of the leaves of a buffer: the number of steps has one.
  func limits(of buffer: BitBuffer) -> [Double] {
    let steps = buffer.limbs.map { schedule($0.dtype).steps(with: $0.shape[0]) }.min()
    return (buffer.heads + buffer.limbs).map { _ in .infinity }
      + buffer.count.map { _ in Double(steps ?? 0) + 1 }
  }

  // MARK: - Products

  /// The products of leaves with γ, and what they leave in the buffer.
  func damped(_ leaves: [Tensor], _ buffer: BitBuffer) -> (leaves: [Tensor], buffer: BitBuffer) {
    guard arithmetic.isExact, let count = buffer.count.first else {
      return (leaves.map { factor * $0 }, buffer)
    }
    var buffer = buffer
    buffer.count = [count + 1]
    var results = leaves
    for (index, leaf) in leaves.enumerated() {
      let move = BitMove(schedule(leaf.dtype), after: count + 1, like: buffer.limbs[index])
      let (product, head) = multiplied(leaf, buffer.heads[index])
      results[index] = product
      (buffer.heads[index], buffer.limbs[index]) = move.stored(head, buffer.limbs[index])
    }
    return (results, buffer)
  }

  /// The leaves of which these are the products.
  func undamped(_ leaves: [Tensor], _ buffer: BitBuffer) -> (leaves: [Tensor], buffer: BitBuffer) {
    guard arithmetic.isExact, let count = buffer.count.first else {
      return (leaves.map { (1 / factor) * $0 }, buffer)
    }
    var buffer = buffer
    buffer.count = [count - 1]
    var results = leaves
    for (index, leaf) in leaves.enumerated() {
      let move = BitMove(schedule(leaf.dtype), after: count, like: buffer.limbs[index])
      let (head, limbs) = move.fetched(buffer.heads[index], buffer.limbs[index])
      (results[index], buffer.heads[index]) = divided(leaf, head)
      buffer.limbs[index] = limbs
    }
    return (results, buffer)
  }

  private func multiplied(_ v: Tensor, _ head: Tensor) -> (product: Tensor, head: Tensor) {
    let (n, d) = (Double(numerator), Double(denominator))
    let size = size(v)
    let (tens, unit) = (v * size).divided(by: d)
    let (rest, digit) = (head * d + unit).divided(by: n)
    return (straightThrough((tens * n + digit) * (1 / size), like: factor * v), rest)
  }

  private func divided(_ product: Tensor, _ head: Tensor) -> (v: Tensor, head: Tensor) {
    let (n, d) = (Double(numerator), Double(denominator))
    let size = size(product)
    let (tens, digit) = (product * size).divided(by: n)
    let (rest, unit) = (head * n + digit).divided(by: d)
    return ((tens * d + unit) * (1 / size), rest)
  }

  /// The reciprocal of the distance of the grid's points.
  private func size(_ x: Tensor) -> Double {
    Double(sign: .plus, exponent: arithmetic.bits(for: x.dtype) ?? 0, significand: 1)
  }
}

/// What happens between heads and limbs after a step.
private struct BitMove {
  /// 1 where bits are moved in this step, and for the limb that they go to.
  private let isDue: Tensor
  private let isLimb: Tensor
  private let size: Double

  init(_ schedule: BitSchedule, after steps: Tensor, like limbs: Tensor) {
    let moves = floor(steps / Double(schedule.period))
    isDue = (moves * Double(schedule.period) .== steps)
    let count = limbs.shape[0]
    let places = Tensor(
      (0..<count).map(Double.init), shape: Shape([count] + limbs.shape.dropFirst().map { _ in 1 }),
      dtype: limbs.dtype)
    isLimb = isDue * (floor((moves - 1) / Double(schedule.movesPerLimb)) .== places)
    size = Double(sign: .plus, exponent: schedule.bits, significand: 1)
  }

  func stored(_ head: Tensor, _ limbs: Tensor) -> (head: Tensor, limbs: Tensor) {
    let (high, low) = head.divided(by: size)
    return (select(isDue, high, head), select(isLimb, limbs * size + low, limbs))
  }

  func fetched(_ head: Tensor, _ limbs: Tensor) -> (head: Tensor, limbs: Tensor) {
    let (rest, low) = limbs.divided(by: size)
    // All but one of the terms are 0.
    let bits = sum(isLimb * low, over: [0])
    return (select(isDue, head * size + bits, head), select(isLimb, rest, limbs))
  }
}

extension Tensor {
  /// Quotient and remainder of whole numbers that are exact; the remainder is not negative.
  ///
  /// Rounding does not carry a quotient over a whole number: from there it is at least 1/divisor.
  fileprivate func divided(by divisor: Double) -> (quotient: Tensor, remainder: Tensor) {
    let quotient = floor(self / divisor)
    return (quotient, self - quotient * divisor)
  }
}
