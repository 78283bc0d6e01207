import Testing
import Thalweg
import ThalwegTestSupport

/// A ring of pendulums, each coupled to its neighbours.
let ring = SeparableODE { t, p in
  p
} force: { t, q in
  let left = concatenate([q.slice(1..<32), q.slice(0..<1)])
  let right = concatenate([q.slice(31..<32), q.slice(0..<31)])
  return left + right - 2 * q - sin(q)
}

/// The code of docs/adjoints.md, and its numbers.
@Suite struct AdjointsPageTests {
  @Test func `every adjoint gives the same gradient`() throws {
    let start = PhasePoint(q: .randomNormal([32], key: 3), p: .randomNormal([32], key: 4))
    func gradient(_ adjoint: some Adjoint<Verlet<SeparableODE>>) throws -> [Double] {
      let flow = Flow(ring, over: 0...10, steps: 100, using: Verlet(), adjoint: adjoint)
      let gradient = try valueAndGradient(at: start) { sum(square(try flow($0).q)) }.gradient
      return gradient.leaves.flatMap(\.values)
    }
    let direct = try gradient(DirectAdjoint())
    let checkpointed = try gradient(CheckpointedAdjoint(budget: 5))
    let reversible = try gradient(ReversibleAdjoint())
    print(checkpointed == direct)  // true, bit for bit
    print(zip(reversible, direct).map { abs($0 - $1) }.max() ?? 0)  // rounding

    #expect(checkpointed == direct)
    expectClose(reversible, direct, relative: 1e-13)
    #expect(reversible != direct)
  }

  @Test func `a reversal that fails is an error`() throws {
    let relaxation = ODE { t, y in -tanh(y) }
    let method = AsynchronousLeapfrog<ODE<Tensor>>(damping: 0.8)
    let flow = Flow(
      relaxation, over: 0...8, steps: 80, using: method, adjoint: ReversibleAdjoint())
    print(try flow([1]).scalar)  // the way forth is stable
    do {
      _ = try valueAndGradient(at: [1] as Tensor) { sum(try flow($0)) }
    } catch let error as IntegrationError {
      print(error.reason, error.advice)
    }

    let error = try #require(throws: IntegrationError.self) {
      try valueAndGradient(at: [1] as Tensor) { sum(try flow($0)) }
    }
    guard case .reconstruction(let missed, let bound) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(missed > bound && bound == Double.ulpOfOne.squareRoot())
    print(missed)
  }

  @Test func `a network of many steps in the memory of few`() throws {
    let network = SeparableODE(Dense(64, 64, seed: 1), Dense(64, 64, seed: 2)) { t, p, a, b in
      tanh(a(p))
    } force: { t, q, a, b in
      -tanh(b(q))
    }
    func gradient(
      _ steps: Int, _ adjoint: some Adjoint<Verlet<SeparableODE>>
    ) throws -> (evaluations: Int, bytes: Int) {
      let flow = Flow(network, over: 0...1, steps: steps, using: Verlet(), adjoint: adjoint)
      let start = PhasePoint(
        q: .zeros([64, 64], dtype: .float32), p: .ones([64, 64], dtype: .float32))
      let step = compile { (flow: Flow<Verlet<SeparableODE>>, start: PhasePoint) in
        try valueAndGradient(at: flow) { sum(square(try $0(start).q)) }.gradient
      }
      let plan = try step.plan(for: flow, start)
      return (plan.evaluations, plan.arenaBytes)
    }
    print(try gradient(1_000, DirectAdjoint()))
    print(try gradient(1_000, CheckpointedAdjoint(budget: 10)))
    print(try gradient(1_000, ReversibleAdjoint()))

    for row in Repository.page("docs/adjoints.md").tableRows where row.count == 7 {
      for (column, steps) in [(1, 10), (2, 100), (3, 1000)] {
        let found =
          switch row[0] {
          case "`DirectAdjoint()`": try gradient(steps, DirectAdjoint())
          case "`CheckpointedAdjoint(budget: 3)`":
            try gradient(steps, CheckpointedAdjoint(budget: 3))
          case "`CheckpointedAdjoint(budget: 10)`":
            try gradient(steps, CheckpointedAdjoint(budget: 10))
          default: try gradient(steps, ReversibleAdjoint())
          }
        // Scratch memory may change with the kernels; states do not.
        let kilobytes = try #require(Double(row[column].filter { $0 != "," }))
        expectClose(Double(found.bytes) / 1e3, kilobytes, relative: 0.1, "\(row[0]), \(steps)")
        let evaluations = row[column + 3].filter { $0 != "," }
        #expect("\(found.evaluations)" == evaluations, "\(row[0]), \(steps)")
      }
    }
  }

  @Test func `reversal says nothing of accuracy`() throws {
    let kernel = 0.5 * Tensor.randomNormal([8, 8], key: 5)
    let diffusion = ODE(kernel) { t, y, k in -matmul(tanh(matmul(y, k)), k.transposed) }
    let start = Tensor.randomNormal([8], key: 6)
    let reversible = Flow(
      diffusion, over: 0...8, steps: 160, using: ReversibleHeun(), adjoint: ReversibleAdjoint())
    let accurate = Flow(diffusion, over: 0...8, steps: 160, using: RungeKutta(.classic))
    func loss(_ flow: Flow<some Integrator<ODE<Tensor>>>) throws -> Double {
      try valueAndGradient(at: start) { sum(square(try flow($0))) }.value.scalar
    }
    #expect(try loss(reversible) > 1.2 * loss(accurate))
    #expect(try #require(reversible.statistics.reconstructionError) < 1e-12)
  }
}
