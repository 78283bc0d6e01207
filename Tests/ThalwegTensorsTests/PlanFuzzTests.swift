import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

private let graphs = (1...500).map { seed in
  RandomGraph(seed: UInt64(seed), length: 4 + seed % 29, isSmooth: false)
}

private let smoothGraphs = (1...80).map { seed in
  RandomGraph(seed: UInt64(1_000 + seed), length: 3 + seed % 14, isSmooth: true)
}

/// Random functions, compiled as a whole and computed operation by operation.
@Suite struct PlanFuzzTests {
  @Test(arguments: graphs)
  func `a plan computes bit for bit what its operations compute one by one`(
    _ graph: RandomGraph
  ) throws {
    let plan = compile { (inputs: [Tensor]) in graph(inputs) }
    // The second run finds the buffers that the first one left.
    for inputs in [graph.inputs, graph.otherInputs(), graph.inputs] {
      let (actual, expected) = (try plan(inputs), graph(inputs))
      #expect(actual.map(\.type) == expected.map(\.type), "\(graph.listing)")
      for (index, pair) in zip(actual, expected).enumerated() {
        let isSame = zip(pair.0.values, pair.1.values).allSatisfy { $0 == $1 || ($0 != $0 && $1 != $1) }
        #expect(isSame, "output \(index) of \(graph.listing)")
      }
    }
  }

  @Test(arguments: smoothGraphs)
  func `derivatives of a random function are those of its values`(_ graph: RandomGraph) throws {
    let joined = { (inputs: [Tensor]) in
      concatenate(graph(inputs).map { $0.reshaped(to: [$0.count]) })
    }
    // Deep functions have large higher derivatives, so the step is short and rounding shows.
    try expectDerivatives(
      of: joined, at: graph.inputs, directions: 1, step: 2e-4, relative: 1e-6, "\(graph.listing)")
  }
}
