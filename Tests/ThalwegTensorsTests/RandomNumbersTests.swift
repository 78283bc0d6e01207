import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Random numbers are a fixed function of key, stream and place.
enum RandomNumbers: OperationLaw {
  private static func mixed(_ bits: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: bits &- 0x9e37_79b9_7f4a_7c15)
    return generator.next()
  }

  /// The numbers in [0, 1) of which all others are made.
  private static func uniform(_ count: Int, key: Double, stream: UInt64) -> [Double] {
    var streams = SplitMix64(
      seed: 0x6a09_e667_f3bc_c908 &+ stream &* 0x9e37_79b9_7f4a_7c15)
    var generator = SplitMix64(seed: mixed(mixed(key.bitPattern) &+ streams.next()))
    return (0..<count).map { _ in Double(generator.next() >> 11) * 0x1p-53 }
  }

  private static func uniforms(_ shape: Shape, key: Double, stream: UInt64) -> OperationCase {
    OperationCase("uniform \(shape) \(key) \(stream)", [Tensor([key])], derivatives: .zero) {
      .randomUniform(shape, key: $0[0], stream: stream, dtype: $0[0].dtype)
    } expected: { _ in
      Tensor(uniform(shape.elementCount, key: key, stream: stream), shape: shape)
    }
  }

  private static func normals(_ shape: Shape, key: Double, stream: UInt64) -> OperationCase {
    OperationCase("normal \(shape) \(key) \(stream)", [Tensor([key])], derivatives: .zero) {
      .randomNormal(shape, key: $0[0], stream: stream, dtype: $0[0].dtype)
    } expected: { _ in
      let uniform = uniform(2 * shape.elementCount, key: key, stream: stream)
      let values = (0..<shape.elementCount).map { i in
        (-2 * log(1 - uniform[2 * i])).squareRoot() * cos(2 * .pi * uniform[2 * i + 1])
      }
      return Tensor(values, shape: shape)
    }.with(double: 1e-14, single: 1e-3)  // near 0, a radius has half of the digits
  }

  static let cases = [
    uniforms([5000], key: 1, stream: 0), uniforms([3, 7], key: 1, stream: 5),
    uniforms([], key: 0, stream: 0), normals([5000], key: 1, stream: 0),
    normals([3, 7], key: 123_456, stream: 9),
  ]
}

@Suite struct RandomNumbersTests {
  private let count = 100_000

  /// The mean of `count` numbers is off by about 1 / √count times their spread; 5 times that
  /// happens once in two million keys.
  private func expectMoments(_ x: Tensor, mean: Double, variance: Double, fourth: Double) {
    let unit = 5 / Double(count).squareRoot()
    let first = ThalwegTensors.mean(x).scalar
    expectClose(first, mean, relative: 0, absolute: unit * variance.squareRoot())
    let second = ThalwegTensors.mean(square(x - mean)).scalar
    expectClose(
      second, variance, relative: 0, absolute: unit * (fourth - variance * variance).squareRoot())
  }

  @Test(arguments: DType.allCases)
  func `normal numbers have mean 0 and variance 1`(_ dtype: DType) {
    let x = Tensor.randomNormal([count], key: 7, dtype: dtype)
    expectMoments(x.to(.float64), mean: 0, variance: 1, fourth: 3)
    #expect(x.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: DType.allCases)
  func `uniform numbers fill the interval from 0 to 1`(_ dtype: DType) {
    let x = Tensor.randomUniform([count], key: 7, dtype: dtype)
    expectMoments(x.to(.float64), mean: 0.5, variance: 1 / 12, fourth: 1 / 80)
    #expect(x.values.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(x.values.contains { $0 < 1e-3 } && x.values.contains { $0 > 0.999 })
  }

  @Test func `the same key and stream give the same numbers`() {
    let x = Tensor.randomNormal([100], key: 3, stream: 4)
    #expect(Tensor.randomNormal([100], key: 3, stream: 4).values == x.values)
    #expect(Tensor.randomNormal([10, 10], key: 3, stream: 4).values == x.values)
    #expect(Tensor.randomNormal([20], key: 3, stream: 4).values == Array(x.values.prefix(20)))
  }

  @Test func `other keys and streams give other numbers`() {
    let values = [(3, 4), (3, 5), (4, 4), (-3, 4)].flatMap { key, stream in
      Tensor.randomUniform([100], key: Tensor(Double(key)), stream: UInt64(stream)).values
    }
    #expect(Set(values).count == 400)
  }

  @Test func `neighbouring keys are not correlated`() {
    let x = Tensor.randomNormal([count], key: 1)
    let y = Tensor.randomNormal([count], key: 2)
    expectClose(mean(x * y).scalar, 0, absolute: 5 / Double(count).squareRoot())
    let z = x.slice(0..<count - 1) * x.slice(1..<count)
    expectClose(mean(z).scalar, 0, absolute: 5 / Double(count).squareRoot())
  }

  @Test func `a compiled function draws new numbers for a new key`() throws {
    let draw = compile { (key: Tensor) in Tensor.randomNormal([4], key: key) }
    for key: Tensor in [1, 2] {
      let drawn = try draw(key)
      #expect(drawn.values == Tensor.randomNormal([4], key: key).values)
    }
  }
}
