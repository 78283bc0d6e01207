import Foundation
package import ThalwegKernels

/// When bits go from the heads of a ``BitBuffer`` to its limbs, and how many.
///
/// With γ = n/d and heads of at most b, a step makes whole numbers below (b + 1) d, and heads of at most
/// ((b + 1) d - 1) / n. They must not exceed 2^24 or 2^53, up to which all whole numbers are exact.
package struct BitSchedule: Hashable, Sendable {
  /// Steps from one move of bits to the next.
  package let period: Int
  /// The bits that are moved at a time.
  package let bits: Int
  /// How often a limb takes bits.
  package let movesPerLimb: Int

  /// The schedule with the fewest limbs.
  package init(_ numerator: Int, _ denominator: Int, _ dtype: DType) {
    let width = dtype == .float32 ? 24 : 53
    var best = (period: 0, bits: 1, moves: 0)
    for moves in 1...width {
      let bits = width / moves
      let period = Self.longestPeriod(Double(numerator), Double(denominator), width, bits)
      if period * moves > best.period * best.moves { best = (period, bits, moves) }
    }
    (period, bits, movesPerLimb) = best
  }

  /// The limbs that so many steps need, at least one.
  package func limbs(for steps: Int) -> Int {
    Swift.max(1, (steps / period + movesPerLimb - 1) / movesPerLimb)
  }

  /// The steps that so many limbs last for.
  package func steps(with limbs: Int) -> Int { (limbs * movesPerLimb + 1) * period - 1 }

  private static func longestPeriod(_ n: Double, _ d: Double, _ width: Int, _ bits: Int) -> Int {
    // In a period heads grow by less bits than are moved.
    var (low, high) = (0, Int(Double(bits) * log(2) / log(d / n)) + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isPossible(middle, n, d, width, bits) { low = middle } else { high = middle }
    }
    return low
  }

  /// Whether heads stay small enough for ever.
  ///
  /// The bound that a period leaves is the one that it finds where
  ///
  ///     b 2^bits = b ρ^P + (d - 1) / n · (ρ^P - 1) / (ρ - 1),   ρ = d/n
  private static func isPossible(
    _ period: Int, _ n: Double, _ d: Double, _ width: Int, _ bits: Int
  ) -> Bool {
    let moved = Double(sign: .plus, exponent: bits, significand: 1)
    let growth = pow(d / n, Double(period))
    guard growth < moved else { return false }
    let bound = (d - 1) / n * (growth - 1) / (d / n - 1) / (moved - growth)
    let largest = ((bound + 1) * moved + 1) * n + d
    return largest < Double(sign: .plus, exponent: width, significand: 1 - 0x1p-20)
  }
}
