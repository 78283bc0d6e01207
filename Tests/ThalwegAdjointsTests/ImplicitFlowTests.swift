import CThalwegProbes
import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Roots inside of the steps of flows.
@Suite struct ImplicitFlowTests {
  /// Backward Euler, z = y + h f(t + h, z).
  private struct ImplicitEuler<Field: Dynamics>: Integrator {
    let order = 1
    var solver = NewtonKrylov(tolerance: 1e-14, derivativeTolerance: 1e-14)

    func step(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Field.State {
      root(near: y, using: solver) { z in z - y - h * f(t + h, z) }
    }
  }

  private static let solvers: [LinearSolver] = [.direct, .gmres(restart: 4), .biCGStab]

  private func solver(_ linear: LinearSolver, _ tolerance: Double = 1e-14) -> NewtonKrylov {
    NewtonKrylov(tolerance: tolerance, linear: linear, derivativeTolerance: 1e-14)
  }

  @Test(arguments: solvers)
  func `linear decay is the power of a fraction`(_ linear: LinearSolver) throws {
    let rates: Tensor = [0.1, 1, 30, 1000]
    let decay = ODE(rates) { _, y, rates in -rates * y }
    let flow = Flow(decay, over: 0...2, steps: 16, using: ImplicitEuler(solver: solver(linear)))
    let end = try flow(.ones([4]))
    let expected = rates.values.map { Foundation.pow(1 + $0 / 8, -16) }
    for (value, expected) in zip(end.values, expected) {
      expectClose(value, expected, relative: 1e-10, absolute: 1e-15)
    }
  }

  // MARK: - Gradients

  private static let network = ODE(
    tabulated([4, 4]) { Foundation.sin(Double(1 + 3 * $0[0] + 7 * $0[1])) / 2 },
    tabulated([4]) { Foundation.cos(Double(1 + $0[0])) / 4 }
  ) { _, y, w, b in tanh(matmul(w, y) + b) }

  @Test(arguments: solvers)
  func `the gradient of backward Euler is the golden one`(_ linear: LinearSolver) throws {
    typealias Method = ImplicitEuler<ODE<Tensor>>
    let adjoints: [any Adjoint<Method>] =
      [DirectAdjoint()] + [0, 3, 10].map { CheckpointedAdjoint(budget: $0) }
    for adjoint in adjoints {
      try expectGolden(adjoint, linear)
    }
  }

  private func expectGolden(
    _ adjoint: some Adjoint<ImplicitEuler<ODE<Tensor>>>, _ linear: LinearSolver
  ) throws {
    let flow = Flow(
      Self.network, over: 0...3, steps: GoldenGradient.steps,
      using: ImplicitEuler(solver: solver(linear)), adjoint: adjoint)
    let problem = FlowProblem(flow, from: tabulated([4]) { Foundation.sin(Double(1 + $0[0])) })
    let (loss, gradient) = try valueAndGradient(at: problem) { try $0.loss }
    let leaves = gradient.leaves.map(\.values)
    let golden = GoldenGradient.implicitEuler
    for (value, expected) in [
      (try problem.end.values, golden.state), (loss.values, [golden.loss]),
      (leaves[0], golden.weight), (leaves[1], golden.bias), (leaves[2], golden.start),
    ] {
      expectClose(value, expected, relative: 1e-13, "\(linear), \(type(of: adjoint))")
    }
  }

  @Test func `derivatives of a flow of implicit steps`() throws {
    let flow = Flow(Self.network, over: 0...1, steps: 3, using: ImplicitEuler<ODE<Tensor>>())
    let problem = FlowProblem(flow, from: [0.5, -1, 0.3, 0.2])
    try expectDerivatives(of: { try $0.end }, at: problem)
  }

  // MARK: - Failures

  @Test(arguments: solvers)
  func `a step without a solution is an error with its time`(_ linear: LinearSolver) throws {
    // y' = y²: the step from y has a solution while 4 h y ≤ 1.
    let square = ODE { _, y in y * y }
    let flow = Flow(
      square, over: 1...3, steps: 16, using: ImplicitEuler(solver: solver(linear, 1e-10)))
    var (y, step) = (0.75, 1)
    while 4 * 0.125 * y <= 1 {
      y = (1 - (1 - 4 * 0.125 * y).squareRoot()) / (2 * 0.125)
      step += 1
    }
    let error = #expect(throws: IntegrationError.self) { try flow(Tensor([0.75, 0.1])) }
    #expect(error?.step == step && error?.steps == 16)
    #expect(error?.time == 1 + 0.125 * Double(step))
    guard case .newtonDivergence(let residual, _, let iterations)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(residual > 0 && iterations > 0)
  }

  // MARK: - Cost

  private func allocations(_ work: () throws -> Void) rethrows -> Int64 {
    try work()
    probe_start()
    try work()
    return probe_stop()
  }

  @Test(.whereAllocationsAreCounted, arguments: solvers)
  func `an implicit step and its gradient allocate nothing`(_ linear: LinearSolver) throws {
    typealias Network = Flow<ImplicitEuler<ODE<Tensor>>>
    let gradient = compile { (flow: Network, start: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: flow) { sum(square(try $0(start))) }
      return [loss] + gradient.leaves
    }
    let start: Tensor = [0.5, -1, 0.3, 0.2]
    let counts = try [10, 300].map { steps in
      let flow = Flow(
        Self.network, over: 0...1, steps: steps, using: ImplicitEuler(solver: solver(linear)),
        adjoint: CheckpointedAdjoint(budget: 4))
      return [
        try allocations { _ = try flow(start) }, try allocations { _ = try gradient(flow, start) },
      ]
    }
    #expect(counts[0] == counts[1], "allocations at 10 and 300 steps: \(counts)")
  }

  @Test(arguments: solvers)
  func `the same input gives the same bits`(_ linear: LinearSolver) throws {
    let flow = Flow(
      Self.network, over: 0...3, steps: 10, using: ImplicitEuler(solver: solver(linear, 1e-6)))
    let start: Tensor = [0.5, -1, 0.3, 0.2]
    let first = try flow(start)
    // Another state in between must leave no trace.
    _ = try flow([1, 2, 3, 4])
    #expect(try flow(start).values == first.values)
  }
}
