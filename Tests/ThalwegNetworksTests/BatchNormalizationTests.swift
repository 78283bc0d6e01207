import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct BatchNormalizationTests {
  private let x = 3 * Tensor.random([4, 3, 4, 5], seed: 1) + 7

  /// A layer whose scale and bias are not those it begins with.
  private var layer: BatchNormalization {
    var layer = BatchNormalization(channels: 3, dtype: .float64)
    layer.scale = Tensor([2, -3, 0.5])
    layer.bias = Tensor([-1, 0, 1])
    return layer
  }

  @Test func `channels have mean 0 and variance 1 over the batch`() {
    let y = BatchNormalization(epsilon: 1e-12)(x)
    expectClose(mean(y, over: [0, 2, 3]), .zeros([3]), absolute: 1e-13)
    expectClose(mean(y * y, over: [0, 2, 3]), .ones([3]), relative: 1e-11)
  }

  @Test func `a frozen layer applies the given statistics`() {
    let mean = Tensor([1.0, 2, 3])
    let variance = Tensor([0.25, 1, 4])
    let frozen = layer.frozen(with: ChannelStatistics(mean: mean, variance: variance, count: 9))
    let numbers = Numbers(x)
    expectClose(
      frozen(x),
      tabulated(x.shape) { index in
        let c = index[1]
        let y = (numbers[index] - mean.values[c]) / (variance.values[c] + 1e-5).squareRoot()
        return y * [2, -3, 0.5][c] + [-1, 0, 1][c]
      })
    #expect(frozen.isFrozen && !layer.isFrozen)
    #expect(frozen.leaves.map(\.shape) == [[3], [3]])
  }

  @Test(arguments: [DType.float32, .float64])
  func `calibrated on a batch it is the same function of that batch`(dtype: DType) {
    let layer = BatchNormalization(channels: 3, dtype: dtype)
    let x = x.to(dtype)
    let tolerance = dtype == .float32 ? 3e-6 : 1e-14
    expectClose(layer.calibrated(on: x)(x), layer(x), relative: tolerance)
    #expect(layer.calibrated(on: x)(x).dtype == dtype)
    let plain = BatchNormalization()
    expectClose(plain.calibrated(on: x)(x), plain(x), relative: tolerance)
    // Once calibrated, it does not follow other images.
    let calibrated = layer.calibrated(on: x)
    #expect(calibrated.calibrated(on: 2 * x)(x).values == calibrated(x).values)
  }

  @Test func `a compiled function tells frozen layers from others`() throws {
    let apply = compile { (layer: BatchNormalization, x: Tensor) in layer(x) }
    let frozen = layer.calibrated(on: 2 * x)
    for _ in 0..<2 {
      expectClose(try apply(layer, x), layer(x))
      expectClose(try apply(frozen, x), frozen(x))
    }
    #expect(relativeError(frozen(x), layer(x)) > 0.1)
  }

  @Test func `a frozen layer is frozen once`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor.ones([1, 2, 3, 3], dtype: .float32)
      let statistics = ChannelStatistics(of: x)
      _ = BatchNormalization().frozen(with: statistics).frozen(with: statistics)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("batch normalisation: the layer is frozen already"))
  }

  @Test func `wrong channels name both shapes`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = BatchNormalization(channels: 3)(.ones([1, 2, 3, 3], dtype: .float32))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("batch normalisation: input [1, 2, 3, 3] with a scale of [3]"))
  }
}

@Suite struct ChannelStatisticsTests {
  private let x = 2 * Tensor.random([7, 3, 4, 2], seed: 2) + 1

  @Test func `they are mean and variance over batch and pixels`() {
    let statistics = ChannelStatistics(of: x)
    let numbers = Numbers(x)
    #expect(statistics.count == 56)
    for c in 0..<3 {
      let values = indices(of: x.shape).filter { $0[1] == c }.map { numbers[$0] }
      let mean = values.reduce(0, +) / 56
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 56
      expectClose(statistics.mean.values[c], mean, relative: 1e-14)
      expectClose(statistics.variance.values[c], variance, relative: 1e-14)
    }
  }

  @Test func `those of parts merge into those of the whole`() {
    let parts = [0..<1, 1..<4, 4..<7].map { ChannelStatistics(of: x.slice($0)) }
    let merged = parts[0].merged(with: parts[1]).merged(with: parts[2])
    let whole = ChannelStatistics(of: x)
    #expect(merged.count == whole.count)
    expectClose(merged.mean, whole.mean, relative: 1e-14)
    expectClose(merged.variance, whole.variance, relative: 1e-14)
  }
}
