import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// Fast arithmetic from layers down to plans.
@Suite struct ArithmeticTests {
  private static let images = Tensor.random([32, 32, 24, 24], dtype: .float32, seed: 1)

  private func layer(_ arithmetic: ConvolutionArithmetic) -> SymmetricLayer {
    SymmetricLayer(32, activation: .tanh, bias: false, arithmetic: arithmetic, seed: 2)
  }

  private static let loss = { @Sendable (layer: SymmetricLayer, x: Tensor) in
    sum(square(layer(x)))
  }

  private static let gradient = { @Sendable (layer: SymmetricLayer, x: Tensor) in
    let pair = try valueAndGradient(at: layer) { loss($0, x) }
    return [pair.value, pair.gradient.kernel]
  }

  @Test func `a fast layer and its gradient are computed by Winograd's method`() throws {
    let step = compile(Self.gradient)
    let plans = try [ConvolutionArithmetic.exact, .fast].map { arithmetic in
      try step.plan(for: layer(arithmetic), Self.images).description
    }
    func count(_ name: String, _ plan: Int) -> Int { plans[plan].components(name) }
    #expect(count("Winograd", 0) == 0 && count("blocked convolution →", 0) > 0)
    #expect(count("Winograd", 1) == count("blocked convolution →", 0))
    #expect(count("blocked convolution →", 1) == 0)
  }

  @Test func `what it returns differs by rounding`() throws {
    let step = compile(Self.gradient)
    let exact = try step(layer(.exact), Self.images)
    let fast = try step(layer(.fast), Self.images)
    #expect(exact[1].values != fast[1].values)
    for (actual, expected) in zip(fast, exact) {
      expectClose(actual, expected, relative: 1e-5)
    }
  }

  @Test func `convolutions that the method does not have are exact`() throws {
    let step = compile { (x: Tensor, w: Tensor) in
      [convolution(x, w, arithmetic: .fast), convolution(x, w, stride: 2, arithmetic: .fast)]
    }
    for shape: Shape in [[32, 32, 1, 1], [32, 32, 5, 5]] {
      let plan = try step.plan(for: Self.images, .random(shape, dtype: .float32, seed: 3))
      #expect(plan.description.components("Winograd") == 0)
    }
  }
}

extension String {
  /// How often a word occurs.
  fileprivate func components(_ word: String) -> Int { ranges(of: word).count }
}
