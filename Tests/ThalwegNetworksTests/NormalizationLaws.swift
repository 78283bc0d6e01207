import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// A normalisation with the formula of one of its numbers.
struct NormalizationCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Makes the layer without parameters, from ε.
  let plain: @Sendable (Double) -> any Layer
  /// Makes the layer with scale and bias, from the number of channels, ε and a precision.
  let affine: @Sendable (Int, Double, DType) -> any Layer
  /// The number at an index of the output of some input and ε.
  let formula: @Sendable (Numbers, [Int], Double) -> Double
  /// Whether adding the same number to all inputs changes nothing.
  let ignoresShifts: Bool

  /// A normalisation by mean and variance over the indices that belong to one.
  static func statistical(
    _ name: String, plain: @escaping @Sendable (Double) -> any Layer,
    affine: @escaping @Sendable (Int, Double, DType) -> any Layer,
    over belongs: @escaping @Sendable ([Int], [Int]) -> Bool
  ) -> NormalizationCase {
    NormalizationCase(
      testDescription: name, plain: plain, affine: affine,
      formula: { x, index, epsilon in
        let region = indices(of: x.shape).filter { belongs($0, index) }.map { x[$0] }
        let count = Double(region.count)
        let mean = region.reduce(0, +) / count
        let variance = region.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        return (x[index] - mean) / (variance + epsilon).squareRoot()
      }, ignoresShifts: true)
  }
}

/// All normalisations, in groups of two channels or of the only one.
private let cases: [NormalizationCase] = [
  .statistical(
    "instance", plain: { InstanceNormalization(epsilon: $0) },
    affine: { InstanceNormalization(channels: $0, epsilon: $1, dtype: $2) },
    over: { $0[0] == $1[0] && $0[1] == $1[1] }),
  .statistical(
    "batch", plain: { BatchNormalization(epsilon: $0) },
    affine: { BatchNormalization(channels: $0, epsilon: $1, dtype: $2) },
    over: { $0[1] == $1[1] }),
  .statistical(
    "pairs of channels", plain: { PairNormalization(epsilon: $0) },
    affine: { GroupNormalization(($0 + 1) / 2, channels: $0, epsilon: $1, dtype: $2) },
    over: { $0[0] == $1[0] && $0[1] / 2 == $1[1] / 2 }),
  .statistical(
    "one group", plain: { GroupNormalization(1, epsilon: $0) },
    affine: { GroupNormalization(1, channels: $0, epsilon: $1, dtype: $2) },
    over: { $0[0] == $1[0] }),
  NormalizationCase(
    testDescription: "total variation", plain: { TotalVariationNormalization(epsilon: $0) },
    affine: { TotalVariationNormalization(channels: $0, epsilon: $1, dtype: $2) },
    formula: { x, index, epsilon in
      let squares = (0..<x.shape[1]).map { x[[index[0], $0, index[2], index[3]]] }.map { $0 * $0 }
      return x[index] / (squares.reduce(0, +) + epsilon).squareRoot()
    }, ignoresShifts: false),
]

/// Group normalisation of pairs of channels, however many there are.
private struct PairNormalization: Layer {
  let epsilon: Double
  static var branches: Branches<PairNormalization> { Branches() }
  func callAsFunction(_ x: Tensor) -> Tensor {
    GroupNormalization((x.shape[1] + 1) / 2, epsilon: epsilon)(x)
  }
}

/// Batches; one example, one channel, one pixel, and all of them at once.
private let shapes: [Shape] = [
  [3, 4, 5, 3], [1, 4, 2, 2], [3, 1, 3, 2], [3, 4, 1, 1], [1, 1, 1, 1],
]

/// What holds for every normalisation.
@Suite struct NormalizationLaws {
  /// What the layer without parameters makes of an input.
  private func plain(_ law: NormalizationCase, _ x: Tensor, _ epsilon: Double) -> Tensor {
    let layer = law.plain(epsilon)
    return layer(x)
  }

  /// A layer with random parameters.
  private func affine(_ law: NormalizationCase, _ channels: Int, _ dtype: DType) -> any Layer {
    randomized(law.affine(channels, 1e-3, dtype))
  }

  private func randomized<L: Layer>(_ layer: L) -> any Layer {
    var random = SplitMix64(seed: 5)
    return layer.randomized(using: &random)
  }

  @Test(arguments: cases, shapes)
  func `values are those of the formula`(_ law: NormalizationCase, _ shape: Shape) {
    let x = 3 * Tensor.random(shape, seed: 1) + 2
    let numbers = Numbers(x)
    let expected = tabulated(shape) { law.formula(numbers, $0, 1e-3) }
    expectClose(plain(law, x, 1e-3), expected, relative: 1e-13, absolute: 1e-13)

    let layer = affine(law, shape[1], .float64)
    let scale = layer.leaves[0].values
    let bias = layer.leaves[1].values
    let unscaled = Numbers(expected)
    expectClose(
      layer(x), tabulated(shape) { unscaled[$0] * scale[$0[1]] + bias[$0[1]] }, relative: 1e-13,
      absolute: 1e-13)
  }

  @Test(arguments: cases, shapes)
  func `single precision agrees`(_ law: NormalizationCase, _ shape: Shape) {
    let x = Tensor.random(shape, dtype: .float32, seed: 1)
    let single = affine(law, shape[1], .float32)
    let double = affine(law, shape[1], .float64)
    expectClose(single(x).to(.float64), double(x.to(.float64)), relative: 3e-6)
  }

  @Test(arguments: cases, shapes)
  func `derivatives are those of the values`(_ law: NormalizationCase, _ shape: Shape) throws {
    let x = Tensor.random(shape, seed: 2)
    let layer = affine(law, shape[1], .float64)
    // Where ε is 1 values are smooth enough for large steps, whatever the input.
    let smooth = law.plain(1)
    try expectDerivatives(of: { smooth($0) }, at: x, relative: 1e-8)
    try expectDerivatives(
      of: { evaluate(layer, at: $0) }, at: [x] + layer.leaves, step: 1e-4, relative: 1e-6)
  }

  private func evaluate(_ layer: any Layer, at values: [Tensor]) -> Tensor {
    func rebuilt<L: Layer>(_ layer: L) -> Tensor {
      layer.replacingLeaves(with: Array(values.dropFirst()))(values[0])
    }
    return rebuilt(layer)
  }

  @Test(arguments: cases)
  func `what derivatives leave of a difference is of second order`(_ law: NormalizationCase) {
    let layer = law.plain(1e-3)
    let (x, u) = (Tensor.random([3, 4, 3, 3], seed: 3), Tensor.random([3, 4, 3, 3], seed: 4))
    let (y, rate) = jvp(at: x, along: u) { layer($0) }
    let w = Tensor.random(y.shape, seed: 5)
    let gradient = vjp(at: x, from: w) { layer($0) }.cotangent
    func rests(_ h: Double) -> [Double] {
      let change = layer(x + h * u) - y
      let rest = change - h * rate
      return [
        sum(square(rest)).scalar.squareRoot(),
        (sum(w * change).scalar - h * sum(gradient * u).scalar).magnitude,
      ]
    }
    for (large, small) in zip(rests(2e-4), rests(1e-4)) {
      #expect(large / small > 3.9 && large / small < 4.1)
    }
  }

  @Test(arguments: cases, [DType.float32, .float64])
  func `constant images have finite values and derivatives`(
    _ law: NormalizationCase, _ dtype: DType
  ) {
    let layer = law.plain(1e-5)
    for constant in [0, -0.0, 1, 0.1, -1e4] {
      let x = Tensor(repeating: constant, shape: [2, 4, 3, 3], dtype: dtype)
      let u = Tensor.random(x.shape, dtype: dtype, seed: 6)
      let (y, rate) = jvp(at: x, along: u) { layer($0) }
      let gradient = vjp(at: x, from: u) { layer($0) }.cotangent
      #expect((y.values + rate.values + gradient.values).allSatisfy { $0.isFinite })
      // Means of equal numbers are rounded, and what is left is multiplied by 1 / √ε.
      let rounding = constant.magnitude * (dtype == .float32 ? 1e-7 : 2e-16) * 316
      let length = (4 * constant * constant + 1e-5).squareRoot()
      let expected = law.ignoresShifts ? 0 : constant / length
      #expect(y.values.allSatisfy { ($0 - expected).magnitude <= rounding + 1e-7 })
    }
  }

  @Test(arguments: cases)
  func `a factor is taken out and the sign is kept`(_ law: NormalizationCase) {
    let x = Tensor.random([2, 4, 3, 3], seed: 7)
    // N of a x with ε is N of x with ε / a².
    expectClose(plain(law, 4 * x, 0.16), plain(law, x, 0.01))
    #expect(plain(law, -x, 0.01).values == plain(law, x, 0.01).values.map { -$0 })
  }

  @Test(arguments: cases.filter(\.ignoresShifts))
  func `a shift is taken out`(_ law: NormalizationCase) {
    let x = Tensor.random([2, 4, 3, 3], seed: 8)
    expectClose(plain(law, x + 10, 1e-5), plain(law, x, 1e-5), relative: 1e-13)
  }

  @Test(arguments: cases)
  func `a compiled layer is the same`(_ law: NormalizationCase) throws {
    let layer = law.plain(1e-3)
    let x = Tensor.random([3, 4, 5, 5], seed: 9)
    expectClose(try compile { (x: Tensor) in layer(x) }(x), layer(x), relative: 1e-15)
  }
}
