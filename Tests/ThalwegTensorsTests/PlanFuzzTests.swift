import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Random functions, compiled as a whole and computed operation by operation.
@Suite struct PlanFuzzTests {
  @Test(arguments: 1...500)
  func `a plan computes bit for bit what its operations compute one by one`(seed: Int) throws {
    let graph = try RandomGraph(seed: UInt64(seed), length: 4 + seed % 37, isSmooth: false)
    let plan = compile { (inputs: [Tensor]) in try graph(inputs) }
    // The second run finds the buffers that the first one left.
    let cuts = try plan.plan(for: graph.inputs).description.contains("region")
    for inputs in [graph.inputs, graph.otherInputs(), graph.inputs] {
      let (actual, expected) = (try plan(inputs), try graph(inputs))
      #expect(actual.map(\.type) == expected.map(\.type), "\(graph.listing)")
      for index in expected.indices {
        // Zeros may differ in their sign, because a plan leaves out what adds 0. Where it cuts a
        // batch into pieces, sums over the batch are sums of the sums of the pieces.
        let rounding = expected[index].dtype == .float32 ? 1e-6 : 1e-14
        let bound = cuts ? rounding : 0
        let error = relativeError(actual[index], expected[index])
        #expect(error <= bound, "\(index) of \(graph.listing)")
      }
    }
  }

  @Test(arguments: 1...80)
  func `derivatives of a random function are those of its values`(seed: Int) throws {
    let graph = try RandomGraph(
      seed: UInt64(1_000 + seed), length: 3 + seed % 14, isSmooth: true)
    let joined = { (inputs: [Tensor]) in
      concatenate(try graph(inputs).map { $0.reshaped(to: [$0.count]) })
    }
    // Deep functions have large higher derivatives, so the step is short and rounding shows.
    try expectDerivatives(
      of: joined, at: graph.inputs, directions: 1, step: 2e-4, relative: 1e-6, "\(graph.listing)")
  }
}
