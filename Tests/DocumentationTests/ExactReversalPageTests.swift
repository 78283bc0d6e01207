import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/adjoints.md on bit-exact reversal.
@Suite struct ExactReversalPageTests {
  @Test func `nothing is lost on a grid`() throws {
    func certified(_ arithmetic: Arithmetic) throws -> (error: Double?, gradient: [Double]) {
      let start = PhasePoint(q: .randomNormal([32], key: 3), p: .randomNormal([32], key: 4))
      let flow = Flow(
        ring, over: 0...2_000, steps: 20_000, using: Verlet(arithmetic: arithmetic),
        adjoint: ReversibleAdjoint(bound: .infinity))
      let gradient = try valueAndGradient(at: start) { sum(square(try flow($0).q)) }.gradient
      return (flow.statistics.reconstructionError, gradient.leaves.flatMap(\.values))
    }
    print(try certified(.exact).error ?? 1)  // 0.0
    print(try certified(.floating).error ?? 1)  // the motion is chaotic: nothing is left

    #expect(try certified(.exact).error == 0)
    #expect(try #require(certified(.floating).error) > 0.1)
  }

  @Test func `a momentum network of depth 1,000`() throws {
    let layers = (0..<1_000).map { layer in
      ODE(Dense(8, 8, seed: UInt64(layer))) { t, y, dense in tanh(dense(y)) }
    }
    let network = Flow(
      stages: layers, over: 0...10, using: Momentum(0.9, arithmetic: .exact),
      adjoint: ReversibleAdjoint())
    let image = Tensor.randomNormal([4, 8], key: 1, dtype: .float32)
    _ = try valueAndGradient(at: network) { sum(square(try $0(image))) }
    print(network.statistics.reconstructionError ?? 1)  // 0.0

    #expect(network.statistics.reconstructionError == 0)
  }
}
