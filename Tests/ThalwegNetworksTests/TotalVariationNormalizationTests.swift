import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct TotalVariationNormalizationTests {
  private let x = Tensor.random([2, 3, 4, 5], seed: 1)

  @Test func `it is the gradient of the smoothed total variation`() throws {
    let gradient = try valueAndGradient(at: x) { x in
      sum(sqrt(sum(square(x), over: [1]) + 1e-3))
    }.gradient
    expectClose(TotalVariationNormalization()(x), gradient, relative: 1e-14)
  }

  @Test func `it is monotone and grows by 1 over the root of ε at most`() {
    let normalize = TotalVariationNormalization()
    for seed in 1...50 {
      let a = 0.1 * Tensor.random(x.shape, seed: UInt64(seed))
      let b = 0.1 * Tensor.random(x.shape, seed: UInt64(seed + 100))
      let difference = normalize(a) - normalize(b)
      #expect(sum(difference * (a - b)).scalar > 0)
      #expect(sum(square(difference)).scalar <= sum(square(a - b)).scalar / 1e-3)
    }
    // The bound is taken at 0.
    let small = 1e-6 * x
    expectClose(normalize(small), small / Tensor(1e-3.squareRoot()), relative: 1e-8)
  }

  @Test func `pixels become vectors shorter than 1`() {
    let y = TotalVariationNormalization()(100 * x)
    let lengths = sum(square(y), over: [1]).values
    #expect(lengths.allSatisfy { $0 < 1 && $0 > 0.999 })
  }

  @Test func `pixels do not influence each other`() {
    let normalize = TotalVariationNormalization()
    let part = x.slice(1..<3, along: 2)
    #expect(normalize(part).values == normalize(x).slice(1..<3, along: 2).values)
  }
}
