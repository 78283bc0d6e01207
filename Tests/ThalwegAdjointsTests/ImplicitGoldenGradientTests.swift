import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Gradients of implicit methods against values that were computed with 60 digits.
@Suite struct ImplicitGoldenGradientTests {
  private static let network = ODE(
    tabulated([4, 4]) { Foundation.sin(Double(1 + 3 * $0[0] + 7 * $0[1])) / 2 },
    tabulated([4]) { Foundation.cos(Double(1 + $0[0])) / 4 }
  ) { _, y, w, b in tanh(matmul(w, y) + b) }
  private static let start = tabulated([4]) { Foundation.sin(Double(1 + $0[0])) }

  private typealias Solved = any Integrator<ODE<Tensor>>

  private func methods(_ solver: NewtonKrylov) -> [(golden: GoldenGradient, method: Solved)] {
    [
      (.implicitEuler, BackwardEuler(solver: solver)),
      (.trapezoid, Trapezoid(solver: solver)),
      (.implicitMidpoint, ImplicitMidpoint(solver: solver)),
      (.theta, Theta(0.75, solver: solver)),
      (.sdirk2, SDIRK2(solver: solver)),
      (.trBDF2, DiagonallyImplicitRungeKutta(.trBDF2, solver: solver)),
      (.kenCarp4, DiagonallyImplicitRungeKutta(.kenCarp4, solver: solver)),
      (.gauss4, Gauss4(solver: solver)),
      (.radauIIA5, RadauIIA5(solver: solver)),
    ]
  }

  @Test(arguments: [LinearSolver.direct, .gmres(restart: 12), .biCGStab])
  func `gradients are the golden ones`(_ linear: LinearSolver) throws {
    let solver = NewtonKrylov(tolerance: 1e-15, linear: linear, derivativeTolerance: 1e-15)
    for (golden, method) in methods(solver) { try expectStored(golden, method) }
  }

  private func expectStored<Method: Integrator<ODE<Tensor>>>(
    _ golden: GoldenGradient, _ method: Method
  ) throws {
    try expect(golden, method, DirectAdjoint())
    try expect(golden, method, CheckpointedAdjoint(budget: 3))
    guard let reversible = method as? any ReversibleIntegrator<ODE<Tensor>> else { return }
    try expectUndone(golden, reversible)
  }

  private func expectUndone<Method: ReversibleIntegrator<ODE<Tensor>>>(
    _ golden: GoldenGradient, _ method: Method
  ) throws {
    try expect(golden, method, ReversibleAdjoint())
  }

  private func expect<Method: Integrator<ODE<Tensor>>>(
    _ golden: GoldenGradient, _ method: Method, _ adjoint: some Adjoint<Method>
  ) throws {
    let flow = Flow(
      Self.network, over: 0...3, steps: GoldenGradient.steps, using: method, adjoint: adjoint)
    let problem = FlowProblem(flow, from: Self.start)
    let (loss, gradient) = try valueAndGradient(at: problem) { try $0.loss }
    let leaves = gradient.leaves.map(\.values)
    for (value, expected) in [
      (try problem.end.values, golden.state), (loss.values, [golden.loss]),
      (leaves[0], golden.weight), (leaves[1], golden.bias), (leaves[2], golden.start),
    ] {
      expectClose(value, expected, relative: 1e-12, "\(method), \(type(of: adjoint))")
    }
  }
}
