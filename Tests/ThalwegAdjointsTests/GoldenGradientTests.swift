import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Discrete gradients against values that were computed in 128-bit floating point.
@Suite struct GoldenGradientTests {
  private static let weight = tabulated([4, 4]) { index in
    let angle = 1 + 3 * index[0] + 7 * index[1]
    return Foundation.sin(Double(angle)) / 2
  }
  private static let bias = tabulated([4]) { Foundation.cos(Double(1 + $0[0])) / 4 }
  private static let start = tabulated([4]) { Foundation.sin(Double(1 + $0[0])) }

  private static let tanhNetwork = ODE(weight, bias) { _, y, w, b in tanh(matmul(w, y) + b) }
  private static let parabolic = ODE(weight, bias) { _, y, w, b in
    -matmul(w.transposed, tanh(matmul(w, y) + b))
  }
  private static let secondOrder = SecondOrderODE(weight, bias) { _, y, w, b in
    -matmul(w.transposed, tanh(matmul(w, y) + b))
  }
  private static let hamiltonian = SeparableODE(weight, bias) { _, z, w, b in
    tanh(matmul(w, z) + b)
  } force: { _, y, w, b in
    -tanh(matmul(w.transposed, y) + b)
  }

  /// Adjoints that serve every method.
  private func stored<Method: Integrator>() -> [any Adjoint<Method>] {
    [DirectAdjoint()] + [0, 1, 3, 9, 10].map { CheckpointedAdjoint(budget: $0) }
  }

  private func expect<Method: Integrator>(
    _ golden: GoldenGradient, from field: Method.Field, _ start: Method.Field.State,
    by method: Method, _ adjoint: some Adjoint<Method>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let flow = Flow(
      field, over: 0...3, steps: GoldenGradient.steps, using: method, adjoint: adjoint)
    let problem = FlowProblem(flow, from: start)
    // The loss is of the first leaf alone: momenta do not count.
    let end = try problem.end.leaves[0]
    let (loss, gradient) = try valueAndGradient(at: problem) { problem in
      0.5 * sum(square(try problem.end.leaves[0]))
    }
    let leaves = gradient.leaves.map(\.values)
    for (value, expected) in [
      (end.values, golden.state), (loss.values, [golden.loss]), (leaves[0], golden.weight),
      (leaves[1], golden.bias), (leaves[2], golden.start),
    ] {
      expectClose(
        value, expected, relative: 1e-14, "\(type(of: adjoint))", sourceLocation: sourceLocation)
    }
  }

  @Test func `forward Euler`() throws {
    for adjoint: any Adjoint<RungeKutta<ODE<Tensor>>> in stored() {
      try expect(.euler, from: Self.tanhNetwork, Self.start, by: RungeKutta(.euler), adjoint)
    }
  }

  @Test func `the classical Runge-Kutta method`() throws {
    for adjoint: any Adjoint<RungeKutta<ODE<Tensor>>> in stored() {
      try expect(
        .rungeKutta4, from: Self.tanhNetwork, Self.start, by: RungeKutta(.classic), adjoint)
    }
  }

  @Test func `parabolic network by forward Euler`() throws {
    for adjoint: any Adjoint<RungeKutta<ODE<Tensor>>> in stored() {
      try expect(
        .parabolicEuler, from: Self.parabolic, Self.start, by: RungeKutta(.euler), adjoint)
    }
  }

  @Test func `Hamiltonian network by symplectic Euler`() throws {
    let start = PhasePoint(q: Self.start, p: .zeros([4]))
    let adjoints: [any Adjoint<SymplecticEuler<SeparableODE>>] = stored() + [ReversibleAdjoint()]
    for adjoint in adjoints {
      try expect(
        .symplecticEuler, from: Self.hamiltonian, start, by: SymplecticEuler(.kickDrift), adjoint)
    }
  }

  @Test func `second-order network by leapfrog`() throws {
    let adjoints: [any Adjoint<Leapfrog<SecondOrderODE>>] = stored() + [ReversibleAdjoint()]
    for adjoint in adjoints {
      try expect(.leapfrog, from: Self.secondOrder, Self.start, by: Leapfrog(), adjoint)
    }
  }

  /// Errors of loss and gradient fall with the fourth power of the step.
  @Test func `refined steps converge to the continuous gradient`() throws {
    let golden = GoldenGradient.exact
    let errors = try [40, 80, 160].map { steps in
      let flow = Flow(Self.tanhNetwork, over: 0...3, steps: steps, using: RungeKutta(.classic))
      let problem = FlowProblem(flow, from: Self.start)
      let (loss, gradient) = try valueAndGradient(at: problem) { try $0.loss }
      return [
        relativeError(loss.values, [golden.loss]),
        relativeError(gradient.leaves[0].values, golden.weight),
        relativeError(gradient.leaves[1].values, golden.bias),
        relativeError(gradient.leaves[2].values, golden.start),
      ]
    }
    for quantity in 0..<4 {
      for (coarse, fine) in zip(errors, errors.dropFirst()) {
        #expect(abs(log2(coarse[quantity] / fine[quantity]) - 4) < 0.1)
      }
      #expect(errors[2][quantity] < 1e-9)
    }
  }
}
