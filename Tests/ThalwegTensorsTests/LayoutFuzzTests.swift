import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Random functions of images, compiled in blocks of channels and in the order of their axes.
@Suite struct LayoutFuzzTests {
  private func valueAndGradient(
    of graph: RandomImageGraph, _ layout: PlanLayout
  ) throws -> [Tensor] {
    try PlanLayout.$current.withValue(layout) {
      try compile { (leaves: [Tensor]) in
        let (value, gradient) = try ThalwegTensors.valueAndGradient(at: leaves) { graph($0) }
        return [value] + gradient
      }(graph.leaves)
    }
  }

  @Test(arguments: 1...150)
  func `values and gradients are the same in every layout`(seed: Int) throws {
    let dtype: DType = seed % 3 == 0 ? .float32 : .float64
    let graph = RandomImageGraph(seed: UInt64(seed), length: 3 + seed % 9, dtype: dtype)
    let expected = try valueAndGradient(of: graph, .plain)
    // What is 0 but for rounding is measured by what it is the difference of.
    let size = expected.flatMap(\.values).map(\.magnitude).reduce(1, Swift.max)
    for layout in [PlanLayout.blocked, .automatic] {
      let actual = try valueAndGradient(of: graph, layout)
      for (index, pair) in zip(actual, expected).enumerated() {
        expectClose(
          pair.0, pair.1, relative: dtype == .float32 ? 1e-4 : 1e-12,
          absolute: size * (dtype == .float32 ? 1e-6 : 1e-14),
          "\(layout), \(index) of\n\(graph.listing)")
      }
    }
  }
}
