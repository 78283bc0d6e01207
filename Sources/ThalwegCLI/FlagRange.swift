import ArgumentParser
import Foundation

/// Checks of the numbers that flags are given; flags that are not are in order.
enum FlagRange {
  /// Whole numbers of a range.
  static func check(_ flag: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError(
      "\(flag) \(value) is out of range; use \(range.lowerBound) to \(range.upperBound)")
  }

  /// Numbers above 0 and up to a bound.
  static func check(_ flag: String, _ value: Double?, upTo bound: Double) throws {
    guard let value, !(value > 0 && value <= bound) else { return }
    throw ValidationError(
      "\(flag) \(value) is out of range; use more than 0 and at most \(bound.formatted())")
  }

  /// Words of a list.
  static func check(_ flag: String, _ words: [String], _ legal: [String]) throws {
    guard let word = words.first(where: { !legal.contains($0) }) else { return }
    throw ValidationError(
      "\(flag) \(word) is not known\(legal.proposal(for: word)); use one of: "
        + legal.joined(separator: ", "))
  }

  /// Numbers above 0.
  static func checkPositive(_ flag: String, _ value: Double?) throws {
    guard let value, !(value > 0 && value.isFinite) else { return }
    throw ValidationError("\(flag) \(value) is out of range; use more than 0")
  }

  /// Numbers that are 0 or more.
  static func checkNotNegative(_ flag: String, _ value: Double?) throws {
    guard let value, !(value >= 0 && value.isFinite) else { return }
    throw ValidationError("\(flag) \(value) is out of range; use 0 or more")
  }
}
