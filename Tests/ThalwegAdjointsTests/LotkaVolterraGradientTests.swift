import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Continuous gradients of a population model to 28 digits, which refined steps must approach.
///
///     u₁' = p₁u₁ - p₂u₁u₂,  u₂' = -p₃u₂ + p₄u₁u₂,  p = (1.5, 1, 3, 1),  u(0) = (1, 1)
@Suite struct LotkaVolterraGradientTests {
  private typealias Model = FlowProblem<RungeKutta<ODE<Tensor>>>

  private func model(_ steps: Int, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>) -> Model {
    let field = ODE(Tensor([1.5, 1, 3, 1])) { _, u, p in
      let meetings = u[0] * u[1]
      return [p[0] * u[0] - p[1] * meetings, p[3] * meetings - p[2] * u[1]]
    }
    let flow = Flow(
      field, over: 0...10, steps: steps, using: RungeKutta(.classic), adjoint: adjoint)
    return Model(flow, from: Tensor([1, 1]))
  }

  /// u₁(10) + u₂(10).
  @Sendable private func endpoint(_ model: Model) throws -> Tensor { sum(try model.end) }

  /// Σ |u(0.5k) - 1|² / 2 for k from 1 to 20.
  @Sendable private func distances(_ model: Model) throws -> Tensor {
    let times = (1...20).map { 0.5 * Double($0) }
    let states = try model.flow.trajectory(from: model.start, at: times).states
    return states.map { sum(square($0 - 1)) }.reduce(Tensor(0)) { $0 + 0.5 * $1 }
  }

  private func errors(
    _ steps: Int, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>, _ golden: [Double],
    _ loss: (Model) throws -> Tensor
  ) throws -> (value: Double, gradient: Double) {
    let (value, gradient) = try valueAndGradient(at: model(steps, adjoint), loss)
    return (value.scalar, relativeError(gradient.leaves.flatMap(\.values), golden))
  }

  @Test func `loss at the end`() throws {
    // By p₁ to p₄ and u₁(0), u₂(0).
    let golden = [
      -4.0962129936581979657619016338, -5.0940881191129917498814224382e-1,
      -1.1458348864297371063214645412, -1.8043278687671012967716872892,
      -7.7798310119201197763300056275e-1, 4.0028226622474244256010363968e-1,
    ]
    let ends = 1.0263447675750893191386867265 + 9.0969107813604161754824588349e-1
    let results = try [1000, 2000, 4000].map { steps in
      try errors(steps, DirectAdjoint(), golden, endpoint)
    }
    expectClose(results[2].value, ends, relative: 1e-9)
    expectFourthOrder(results.map(\.gradient), final: 1e-8)
  }

  @Test func `loss along the way`() throws {
    let golden = [
      2.5500637231791952970857257872e1, -7.7255077415253940842348791046e1,
      9.3532127564325570953540548474e1, -2.8699408686642279993207348306e2,
      -8.7948774949922835997679252302e1, -2.2488414360550315457094604992e1,
    ]
    let results = try [1000, 2000, 4000].map { steps in
      try errors(steps, DirectAdjoint(), golden, distances)
    }
    expectClose(results[2].value, 1.0204210862116677567355187529e2, relative: 1e-9)
    expectFourthOrder(results.map(\.gradient), final: 1e-8)
  }

  @Test(arguments: [0, 1, 7, 1000]) func `checkpointed gradients are the same`(budget: Int) throws {
    let adjoint = CheckpointedAdjoint<RungeKutta<ODE<Tensor>>>(budget: budget)
    for loss in [endpoint, distances] {
      let direct = try valueAndGradient(at: model(100, DirectAdjoint()), loss).gradient
      let checkpointed = try valueAndGradient(at: model(100, adjoint), loss).gradient
      #expect(checkpointed.leaves.map(\.values) == direct.leaves.map(\.values))
    }
  }

  private func expectFourthOrder(_ errors: [Double], final: Double) {
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 4) < 0.1, "\(errors)")
    }
    #expect(errors.last.map { $0 < final } == true, "\(errors)")
  }
}
