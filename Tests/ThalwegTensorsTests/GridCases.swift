import Foundation
import ThalwegTensors
import ThalwegTestSupport

// What arithmetic on a grid is made of.

enum Floor: OperationLaw {
  static let cases = unary(in: -7...7, derivatives: .zero, { floor($0) }, expected: { floor($0) })
}

enum Round: OperationLaw {
  static let cases =
    unary(in: -7...7, derivatives: .zero, { round($0) }, expected: { rint($0) })
    // Halves go to the even one.
    + unary(
      in: -7...7, derivatives: .zero, { round(round($0) + 0.5) },
      expected: { rint(rint($0) + 0.5) })
}

enum StraightThrough: OperationLaw {
  static let cases =
    unary(in: -2...2, { straightThrough(exp($0), like: exp($0)) }, expected: { exp($0) })
    + unary(
      in: -7...7, derivatives: .untested, { straightThrough(round($0), like: exp($0)) },
      expected: { rint($0) })
}

enum Stored: OperationLaw {
  static let cases = unary(
    in: -2...2, { $0.movedExactly(by: 0.5 * $0) }, expected: { 1.5 * $0 })
}

enum Kept: OperationLaw {
  static let cases =
    unary(in: -2...2, { $0.movedExactly(by: 0.5 * $0, within: 3) }, expected: { 1.5 * $0 })
    // Beyond the limit it stays where it is, and is differentiated as if it moved.
    + unary(
      derivatives: .untested, { $0.movedExactly(by: 0.5 * $0, within: 0.05) }, expected: { $0 })
}
