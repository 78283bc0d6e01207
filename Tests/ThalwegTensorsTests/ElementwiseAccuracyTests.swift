import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// A function of the engine next to the one of the C library.
private struct Function: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The error allowed in units in the last place.
  let error: Double
  let apply: @Sendable (Tensor) -> Tensor
  let reference: @Sendable (Double) -> Double

  init(
    _ name: String, error: Double, _ apply: @escaping @Sendable (Tensor) -> Tensor,
    _ reference: @escaping @Sendable (Double) -> Double
  ) {
    testDescription = name
    self.error = error
    self.apply = apply
    self.reference = reference
  }
}

private let functions = [
  Function("exp", error: 2, { exp($0) }, { exp($0) }),
  Function("log", error: 2, { log($0) }, { log($0) }),
  Function("tanh", error: 4, { tanh($0) }, { tanh($0) }),
  Function("sin", error: 2, { sin($0) }, { sin($0) }),
  Function("cos", error: 2, { cos($0) }, { cos($0) }),
  Function("sqrt", error: 0.5, { sqrt($0) }, { $0.squareRoot() }),
  Function(
    "sigmoid", error: 4, { sigmoid($0) },
    { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }),
  Function(
    "softplus", error: 4, { softplus($0) },
    { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) }),
]

/// Arguments of every size and sign, with the ends of the ranges of both precisions.
private let arguments: [Double] = {
  var random = SplitMix64(seed: 1)
  let sizes = (0..<3_000).map { _ in pow(10, Double.random(in: -8...4, using: &random)) }
  let special: [Double] = [
    0, -0.0, 1, -1, 0.5, 87, 88.5, 89, -87.5, -103.5, -104.5, 708, 709.5, 711, -708, -744, -746,
    20, -20, 40, -40, 1e-30, -1e-30, 1e-40, Double.leastNonzeroMagnitude, 1e30, -1e30, 99_999,
    100_001, -100_001,
    .infinity, -.infinity, .nan, .pi, .pi / 2, 1.000_000_1, 0.999_999_9, 2.220_446e-16,
  ]
  return special + sizes + sizes.map { -$0 }
}()

@Suite struct ElementwiseAccuracyTests {
  @Test(arguments: functions)
  fileprivate func `double precision is exact to a few units in the last place`(
    _ function: Function
  ) {
    let results = function.apply(Tensor(arguments)).values
    for (x, result) in zip(arguments, results) {
      let expected = function.reference(x)
      guard !isSame(result, expected) else { continue }
      let unit = Swift.max(expected.ulp, .leastNormalMagnitude)
      #expect((result - expected).magnitude <= function.error * unit, "\(x): \(result) \(expected)")
    }
  }

  @Test(arguments: functions)
  fileprivate func `single precision is exact to a few units in the last place`(
    _ function: Function
  ) {
    let rounded = arguments.map { Float($0) }
    let results = function.apply(Tensor(rounded)).floats
    for (x, result) in zip(rounded, results) {
      let exact = function.reference(Double(x))
      let expected = Float(exact)
      guard !isSame(Double(result), Double(expected)) else { continue }
      let unit = Double(Swift.max(expected.ulp, .leastNormalMagnitude))
      #expect(
        (Double(result) - exact).magnitude <= function.error * unit, "\(x): \(result) \(exact)")
    }
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }

  @Test func `NaN is not lost`() {
    let x: Tensor = [Tensor(Double.nan)]
    let results = [
      abs(x), -x, sign(x), square(x), relu(x), max(x, 1), max(1, x), min(x, 1), min(1, x),
      x + 1, 0 * x, pow(x, 2), max(concatenate([1, x, 2].map { $0.reshaped(to: [1]) })), sum(x),
    ]
    #expect(results.allSatisfy { $0.values[0].isNaN })
    #expect([step(x), x .< 1, x .> 1, x .== x, x .<= x].allSatisfy { $0.values[0] == 0 })
  }

  @Test func `results do not depend on where an element stands`() {
    let x = Tensor(arguments)
    for function in functions {
      let whole = function.apply(x).values
      for start in [1, 3, 17] {
        let part = function.apply(x.slice(start..<arguments.count)).values
        #expect(zip(part, whole.dropFirst(start)).allSatisfy(isSame))
      }
      let single = arguments.prefix(60).map { function.apply(Tensor([$0])).values[0] }
      #expect(zip(single, whole).allSatisfy(isSame))
    }
  }
}
