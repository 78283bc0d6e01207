import Foundation
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

// MARK: - One variable

enum AbsoluteValue: OperationLaw {
  static let cases = unary({ abs($0) }, expected: { $0.magnitude })
}

enum Cosine: OperationLaw {
  static let cases = unary(in: -7...7, { cos($0) }, expected: { cos($0) })
}

enum Exponential: OperationLaw {
  static let cases = unary(in: -3...3, { exp($0) }, expected: { exp($0) })
}

enum HyperbolicTangent: OperationLaw {
  static let cases = unary(in: -3...3, { tanh($0) }, expected: { tanh($0) })
}

enum Logarithm: OperationLaw {
  static let cases = unary(in: 0.3...3, { log($0) }, expected: { log($0) })
}

enum Negate: OperationLaw {
  static let cases = unary(in: -2...2, { -$0 }, expected: { -$0 })
}

enum ReLU: OperationLaw {
  static let cases = unary({ relu($0) }, expected: { Swift.max($0, 0) })
}

enum Sigmoid: OperationLaw {
  static let cases = unary(in: -4...4, { sigmoid($0) }, expected: { 1 / (1 + exp(-$0)) })
}

enum Sign: OperationLaw {
  static let cases = unary(derivatives: .zero, { sign($0) }, expected: { $0 > 0 ? 1 : -1 })
}

enum Sine: OperationLaw {
  static let cases = unary(in: -7...7, { sin($0) }, expected: { sin($0) })
}

enum Softplus: OperationLaw {
  static let cases = unary(in: -4...4, { softplus($0) }, expected: { log1p(exp($0)) })
}

enum Square: OperationLaw {
  static let cases = unary(in: -2...2, { square($0) }, expected: { $0 * $0 })
}

enum SquareRoot: OperationLaw {
  static let cases = unary(in: 0.3...3, { sqrt($0) }, expected: { $0.squareRoot() })
}

enum Step: OperationLaw {
  static let cases = unary(derivatives: .zero, { step($0) }, expected: { $0 > 0 ? 1 : 0 })
}

enum StopGradient: OperationLaw {
  static let cases =
    unary(derivatives: .zero, { stopGradient($0) }, expected: { $0 })
    + unary(derivatives: .untested, { stopGradient($0) * $0 }, expected: { $0 * $0 })
}

enum Evaluation: OperationLaw {
  static let cases = unary(in: -2...2, { countingEvaluation(exp($0)) }, expected: { exp($0) })
}

// MARK: - Two variables

enum Add: OperationLaw {
  static let cases =
    binary({ $0 + $1 }, expected: { $0 + $1 })
    + unary(in: -2...2, { 0.5 + ($0 + 0.25) }, expected: { $0 + 0.75 })
    // What adds nothing is left out of a plan, but not its broadcasting.
    + binary({ $0 + 0 * $1 }, expected: { a, _ in a })
    + unary(in: -2...2, { $0 + 0 }, expected: { $0 })
}

enum Subtract: OperationLaw {
  static let cases =
    binary({ $0 - $1 }, expected: { $0 - $1 })
    + unary(in: -2...2, { 0.5 - ($0 - 0.25) }, expected: { 0.75 - $0 })
}

enum Multiply: OperationLaw {
  static let cases =
    binary({ $0 * $1 }, expected: { $0 * $1 })
    + unary(in: -2...2, { 3 * ($0 * 0.25) }, expected: { 0.75 * $0 })
    + unary(in: -2...2, { 1 * ($0 * 1) }, expected: { $0 })
}

enum Divide: OperationLaw {
  static let cases =
    binary(first: -2...2, second: 0.5...2, { $0 / $1 }, expected: { $0 / $1 })
    + unary(in: 0.5...2, { 3 / ($0 / 4) }, expected: { 12 / $0 })
}

enum Power: OperationLaw {
  static let cases =
    binary(first: 0.5...2, second: -2...2, { pow($0, $1) }, expected: { pow($0, $1) })
    + unary(in: 0.5...2, { pow($0, 2.5) }, expected: { pow($0, 2.5) })
    + unary({ pow($0, 3) }, expected: { $0 * $0 * $0 })
}

enum Maximum: OperationLaw {
  static let cases =
    binary(first: -2...(-0.1), second: 0...2, { max($0, $1) }, expected: { Swift.max($0, $1) })
    + binary(first: 0...2, second: -2...(-0.1), { max($0, $1) }, expected: { Swift.max($0, $1) })
    + unary({ max($0, 0.02) }, expected: { Swift.max($0, 0.02) })
}

enum Minimum: OperationLaw {
  static let cases =
    binary(first: -2...(-0.1), second: 0...2, { min($0, $1) }, expected: { Swift.min($0, $1) })
    + binary(first: 0...2, second: -2...(-0.1), { min($0, $1) }, expected: { Swift.min($0, $1) })
    + unary({ min($0, 0.02) }, expected: { Swift.min($0, 0.02) })
}

enum Less: OperationLaw {
  static let cases =
    binary(isWhole: true, derivatives: .zero, { lessThan($0, $1) }, expected: { $0 < $1 ? 1 : 0 })
    + binary(isWhole: true, derivatives: .zero, { $0 .< $1 }, expected: { $0 < $1 ? 1 : 0 })
    + binary(isWhole: true, derivatives: .zero, { $0 .> $1 }, expected: { $0 > $1 ? 1 : 0 })
}

enum LessOrEqual: OperationLaw {
  static let cases =
    binary(isWhole: true, derivatives: .zero, { $0 .<= $1 }, expected: { $0 <= $1 ? 1 : 0 })
    + binary(isWhole: true, derivatives: .zero, { $0 .>= $1 }, expected: { $0 >= $1 ? 1 : 0 })
}

enum Equal: OperationLaw {
  static let cases =
    binary(isWhole: true, derivatives: .zero, { $0 .== $1 }, expected: { $0 == $1 ? 1 : 0 })
    + binary(isWhole: true, derivatives: .zero, { $0 .!= $1 }, expected: { $0 != $1 ? 1 : 0 })
}

// MARK: - Three variables

enum Select: OperationLaw {
  private static let mask = Tensor([1, 0, 2, 0, 0, -1], shape: [2, 3])

  private static func choice(_ a: Shape, _ b: Shape) -> OperationCase {
    let mask = mask
    return OperationCase("\(a) \(b)", [.random(a, seed: 14), .random(b, seed: 15)]) {
      select(mask.to($0[0].dtype), $0[0], $0[1])
    } expected: { x in
      tabulated([2, 3]) { index in
        (Numbers(mask)[index] != 0 ? x[0] : x[1]).broadcast(at: index)
      }
    }
  }

  static let cases =
    [choice([2, 3], [2, 3]), choice([], [3]), choice([2, 1], [])]
    // The condition itself has no derivative.
    + unary(derivatives: .zero, { select($0 .> 0, 2, 3) }, expected: { $0 > 0 ? 2 : 3 })
    + unary({ select($0 .> 0, sin($0), $0 * $0) }, expected: { $0 > 0 ? sin($0) : $0 * $0 })
}
