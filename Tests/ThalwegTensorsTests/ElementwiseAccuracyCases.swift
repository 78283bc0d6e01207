import Foundation
import Testing
import ThalwegTensors

#if arch(x86_64)
  /// What functions in double precision are compared with; no wider type on other processors.
  typealias Wide = Float80
#else
  typealias Wide = Double
#endif

/// A function of the engine next to the one of the C library in wider types.
struct AccuracyCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The largest errors, in units in the last place.
  let bounds: (single: Double, double: Double)
  let apply: @Sendable (Tensor) -> Tensor
  let compiled: CompiledFunction<Tensor, Tensor>
  let double: @Sendable (Double) -> Double
  let wide: @Sendable (Wide) -> Wide

  init(
    _ name: String, _ single: Double, _ double: Double,
    _ apply: @escaping @Sendable (Tensor) -> Tensor,
    _ reference: @escaping @Sendable (Double) -> Double,
    _ wide: @escaping @Sendable (Wide) -> Wide
  ) {
    testDescription = name
    bounds = (single, double)
    self.apply = apply
    compiled = compile { (x: Tensor) in apply(x) }
    self.double = reference
    self.wide = wide
  }

  /// The functions of one variable with the bounds that their documentation states.
  static let all = [
    AccuracyCase("Exponential", 1.2, 1.2, { exp($0) }, { exp($0) }, { exp($0) }),
    AccuracyCase("Logarithm", 1, 1, { log($0) }, { log($0) }, { log($0) }),
    AccuracyCase("HyperbolicTangent", 2.6, 2.7, { tanh($0) }, { tanh($0) }, { tanh($0) }),
    AccuracyCase("Sine", 0.6, 1, { sin($0) }, { sin($0) }, { sin($0) }),
    AccuracyCase("Cosine", 0.6, 1, { cos($0) }, { cos($0) }, { cos($0) }),
    AccuracyCase(
      "SquareRoot", 0.5, 0.5, { sqrt($0) }, { $0.squareRoot() }, { $0.squareRoot() }),
    AccuracyCase(
      "Sigmoid", 2.6, 2.6, { sigmoid($0) },
      { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
      { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }),
    AccuracyCase(
      "Softplus", 2, 2, { softplus($0) },
      { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) },
      { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) }),
  ]
}

/// The largest error that was seen, in units in the last place, and where.
struct LargestError {
  private(set) var units = 0.0
  private(set) var place = ""

  /// Takes a result into account.
  ///
  /// A unit is the distance of neighbouring numbers of the result's type where the exact value
  /// lies; infinity counts as the number that would follow the largest one. A NaN in the wrong
  /// place, an infinity where the exact value is none, a number where it is one, and a zero of the
  /// wrong sign are infinitely wrong.
  mutating func take<Result: BinaryFloatingPoint, Exact: BinaryFloatingPoint>(
    _ result: Result, _ exact: Exact, at place: @autoclosure () -> String
  ) {
    let error = Self.error(result, exact)
    guard !(error <= units) else { return }
    units = error
    self.place = "\(place()): \(result), exactly \(exact)"
  }

  private static func error<Result: BinaryFloatingPoint, Exact: BinaryFloatingPoint>(
    _ result: Result, _ exact: Exact
  ) -> Double {
    if result.isNaN || exact.isNaN { return result.isNaN && exact.isNaN ? 0 : .infinity }
    if exact.isInfinite || exact == 0 {
      return Exact(result) == exact && result.sign == exact.sign ? 0 : .infinity
    }
    let largest = Result.greatestFiniteMagnitude
    // The sign of a result that has become 0 is still that of the exact value.
    guard result.sign == exact.sign else { return .infinity }
    let value =
      result.isInfinite ? Exact(largest) + Exact(largest.ulp) : Exact(result.magnitude)
    if exact.magnitude > Exact(largest), result.isInfinite { return 0 }
    let digits = Exact.Exponent(Result.significandBitCount)
    let least = Exact(Result.leastNormalMagnitude).exponent
    let unit = Exact(sign: .plus, exponent: max(exact.exponent, least) - digits, significand: 1)
    return Double((value - exact.magnitude).magnitude / unit)
  }
}
