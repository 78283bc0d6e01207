import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Samples of a batch that are integrated with steps of their own.
@Suite struct IndependentSamplesTests {
  private typealias Pair = TestPair<ODE<Tensor>>

  /// Faster the larger the state is.
  private let field = ODE(Tensor.random([3, 3], seed: 4), Tensor([0.5, -0.2, 0.1])) { t, y, w, b in
    let size = sum(square(y), over: [1], keepingAxes: true)
    return 3 * tanh(matmul(y, w) + b) * size / (1 + size) - y * cos(t)
  }

  private func flow(
    _ samples: StepControl.Samples, _ adjoint: some Adjoint<Pair> = DirectAdjoint()
  ) -> Flow<Pair> {
    Flow(
      field, over: 0...1, tolerance: 1e-6, using: TestPair(), adjoint: adjoint,
      control: StepControl(samples: samples))
  }

  private let batch =
    Tensor.random([5, 3], seed: 9) * Tensor([0.1, 0.5, 1, 2, 1.5], shape: [5, 1])

  @Test func `a sample does not depend on the others`() throws {
    let flow = flow(.independent)
    let all = try flow(batch)
    let accepted = flow.statistics.accepted
    var sum = 0
    for index in 0..<5 {
      let alone = try flow(batch.slice(index..<index + 1))
      sum += flow.statistics.accepted
      #expect(alone.values == all.slice(index..<index + 1).values, "sample \(index)")
      // Alone, there is no difference to steps for all.
      #expect(try self.flow(.together)(batch.slice(index..<index + 1)).values == alone.values)
    }
    #expect(accepted == sum)
    let turned = try flow(batch.gathered(at: [4, 2, 0, 3, 1]))
    #expect(turned.values == all.gathered(at: [4, 2, 0, 3, 1]).values)
    // The whole batch needs the steps of its worst sample.
    let together = self.flow(.together)
    expectClose(try together(batch), all, relative: 1e-4)
    #expect(together.statistics.accepted * 5 > accepted)
  }

  @Test func `gradients are sums over the samples in their order`() throws {
    let adjoints: [any Adjoint<Pair>] = [DirectAdjoint(), CheckpointedAdjoint(budget: 2)]
    for adjoint in adjoints { try expectSums(flow(.independent, adjoint)) }
  }

  private func expectSums(_ flow: Flow<Pair>) throws {
    func gradient(_ start: Tensor) throws -> [Tensor] {
      try valueAndGradient(at: FlowProblem(flow, from: start)) { sum(square(try $0.end)) }
        .gradient.leaves
    }
    let all = try gradient(batch)
    let alone = try (0..<5).map { try gradient(batch.slice($0..<$0 + 1)) }
    for leaf in 0..<2 {
      expectClose(all[leaf], alone.dropFirst().reduce(alone[0][leaf]) { $0 + $1[leaf] })
    }
    #expect(all[2].values == alone.flatMap { $0[2].values })
    let threads = Threads.count
    defer { Threads.count = threads }
    for count in [1, 2, 3] {
      Threads.count = count
      #expect(try gradient(batch).map(\.values) == all.map(\.values))
    }
  }

  /// More samples than there are pieces in which their gradients are added up.
  @Test func `threads share the samples, and results are the same bits`() throws {
    let flow = flow(.independent)
    let batch = Tensor.random([37, 3], seed: 12)
    func results() throws -> [[Double]] {
      let (value, gradient) = try valueAndGradient(at: FlowProblem(flow, from: batch)) {
        sum(square(try $0.end))
      }
      let states = try flow.trajectory(from: batch, at: [0.3, 0.7]).states
      return ([value] + gradient.leaves + states + [try flow(batch)]).map(\.values)
    }
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    let expected = try results()
    let accepted = flow.statistics.accepted
    for count in [2, 5, 2] {
      Threads.count = count
      #expect(try results() == expected)
      #expect(flow.statistics.accepted == accepted)
    }
  }

  @Test func `derivatives belong together`() throws {
    let control = StepControl(
      firstStep: 0.1, largestStep: 0.1, stepTo: [0.33], jumps: [0.5], samples: .independent)
    let adjoints: [any Adjoint<Pair>] = [DirectAdjoint(), CheckpointedAdjoint(budget: 2)]
    for adjoint in adjoints { try expectDerivatives(control, adjoint) }
  }

  private func expectDerivatives(
    _ control: StepControl, _ adjoint: some Adjoint<Pair>
  ) throws {
    let flow = Flow(
      field, over: 0...1, tolerance: .absolute(1e9), using: TestPair(), adjoint: adjoint,
      control: control)
    try ThalwegTestSupport.expectDerivatives(
      of: { problem in
        let states = try problem.flow.trajectory(from: problem.start, at: [0.9, 0.2, 1]).states
        return concatenate(states + [try problem.end])
      }, at: FlowProblem(flow, from: 0.3 * batch.slice(0..<3)), step: 3e-4, relative: 1e-6,
      "\(type(of: adjoint))")
  }

  @Test func `trajectories have all samples at each time`() throws {
    let flow = flow(.independent)
    let states = try flow.trajectory(from: batch, at: [1, 0.4, 0]).states
    #expect(states.map(\.shape) == [[5, 3], [5, 3], [5, 3]])
    #expect(states[0].values == (try flow(batch)).values && states[2].values == batch.values)
    for index in 0..<5 {
      let sample = batch.slice(index..<index + 1)
      let alone = try flow.trajectory(from: sample, at: [0.4]).states[0]
      #expect(alone.values == states[1].slice(index..<index + 1).values)
    }
  }

  @Test func `a sample that fails is reported`() throws {
    let blowUp = ODE { t, y in y * y }
    let flow = Flow(
      blowUp, over: 0...2, tolerance: 1e-6, using: TestPair(),
      control: StepControl(samples: .independent))
    let error = #expect(throws: IntegrationError.self) {
      try flow(Tensor([0.1, 1, 0.2], shape: [3, 1]))
    }
    expectClose(error?.time ?? 0, 1, relative: 1e-3)
  }
}
