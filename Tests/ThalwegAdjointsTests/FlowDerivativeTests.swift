import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// First and second derivatives of flows through every adjoint: forward mode against differences,
/// reverse mode against forward mode, and gradients of gradients against differences of gradients.
@Suite struct FlowDerivativeTests {
  private static let field = ODE(Tensor.random([3, 3], seed: 1), Tensor.random([3], seed: 2)) {
    t, y, w, b in
    tanh(matmul(w, y) + b * cos(t))
  }
  private static let separable = SeparableODE(
    Tensor.random([3, 3], seed: 3), Tensor.random([3, 3], seed: 4)
  ) { t, p, a, _ in
    tanh(matmul(a, p)) + t * p
  } force: { t, q, _, b in
    -matmul(b.transposed, tanh(matmul(b, q) + t))
  }
  private static let secondOrder = SecondOrderODE(Tensor.random([3, 3], seed: 5)) { t, y, k in
    -matmul(k.transposed, tanh(matmul(k, y) + t))
  }

  private func expectDerivatives<Method: Integrator>(
    _ field: Method.Field, from start: Method.Field.State, by method: Method,
    _ adjoint: some Adjoint<Method>, _ name: String, isTwiceDifferentiable: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let flow = Flow(field, over: 0...1, steps: 5, using: method, adjoint: adjoint)
    try ThalwegTestSupport.expectDerivatives(
      of: { problem in
        // Something that is not linear in the end.
        concatenate(try problem.end.leaves.map { sin($0) })
      }, at: FlowProblem(flow, from: start), directions: 1, relative: 1e-7,
      isTwiceDifferentiable: isTwiceDifferentiable, "\(name), \(type(of: adjoint))",
      sourceLocation: sourceLocation)
  }

  private func check<Method: Integrator>(
    _ method: Method, _ field: Method.Field, _ start: Method.Field.State, _ name: String
  ) throws {
    try expectDerivatives(field, from: start, by: method, DirectAdjoint(), name)
    for budget in [0, 2, 5] {
      try expectDerivatives(
        field, from: start, by: method, CheckpointedAdjoint(budget: budget), name)
    }
  }

  private func checkOnce<Method: Integrator>(
    _ method: Method, _ field: Method.Field, _ start: Method.Field.State, _ name: String
  ) throws {
    try expectDerivatives(
      field, from: start, by: method, DirectAdjoint(), name, isTwiceDifferentiable: false)
    try expectDerivatives(
      field, from: start, by: method, CheckpointedAdjoint(budget: 2), name,
      isTwiceDifferentiable: false)
  }

  private func checkReversible<Method: ReversibleIntegrator>(
    _ method: Method, _ field: Method.Field, _ start: Method.Field.State, _ name: String
  ) throws {
    try expectDerivatives(field, from: start, by: method, ReversibleAdjoint(), name)
  }

  @Test(arguments: CataloguedMethod<ODE<Tensor>>.firstOrder.map(\.name))
  func `methods of first order`(name: String) throws {
    let methods = CataloguedMethod<ODE<Tensor>>.firstOrder
    let method = try #require(methods.first { $0.name == name }).integrator
    let start = Tensor.random([3], seed: 7)
    // One of each kind is differentiated twice; the others have the same operations.
    let kinds = ["backward-euler", "implicit-midpoint", "bogacki-shampine3", "rkc2-8"]
    if (ButcherTableau.all.map(\.name) + kinds).contains(name) {
      try check(method, Self.field, start, name)
    } else {
      try checkOnce(method, Self.field, start, name)
    }
    if let reversible = method as? any ReversibleIntegrator<ODE<Tensor>> {
      try checkReversible(reversible, Self.field, start, name)
    }
  }

  @Test(arguments: CataloguedMethod<SeparableODE>.separable.map(\.name))
  func `methods for separable dynamics`(name: String) throws {
    let methods = CataloguedMethod<SeparableODE>.separable
    let method = try #require(methods.first { $0.name == name }).integrator
    let start = PhasePoint(q: .random([3], seed: 7), p: .random([3], seed: 8))
    try check(method, Self.separable, start, name)
    if let reversible = method as? any ReversibleIntegrator<SeparableODE> {
      try checkReversible(reversible, Self.separable, start, name)
    }
  }

  @Test(arguments: CataloguedMethod<SecondOrderODE>.secondOrder.map(\.name))
  func `methods for equations of second order`(name: String) throws {
    let methods = CataloguedMethod<SecondOrderODE>.secondOrder
    let method = try #require(methods.first { $0.name == name }).integrator
    let start = Tensor.random([3], seed: 7)
    try check(method, Self.secondOrder, start, name)
    if let reversible = method as? any ReversibleIntegrator<SecondOrderODE> {
      try checkReversible(reversible, Self.secondOrder, start, name)
    }
  }

  @Test func `stages`() throws {
    let stages = (0..<4).map { stage in
      SeparableODE(Tensor.random([2, 2], seed: UInt64(stage))) { t, p, _ in
        p + t
      } force: { t, q, k in
        -matmul(k.transposed, tanh(matmul(k, q) + t))
      }
    }
    let start = PhasePoint(q: .random([2], seed: 9), p: .random([2], seed: 8))
    let adjoints: [any Adjoint<Verlet<SeparableODE>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 1), ReversibleAdjoint(),
    ]
    for adjoint in adjoints { try expectStaged(stages, start, adjoint) }
  }

  private func expectStaged(
    _ stages: [SeparableODE], _ start: PhasePoint, _ adjoint: some Adjoint<Verlet<SeparableODE>>
  ) throws {
    let flow = Flow(stages: stages, over: 0...1, using: Verlet(), adjoint: adjoint)
    try ThalwegTestSupport.expectDerivatives(
      of: { problem in concatenate(try problem.end.leaves) },
      at: FlowProblem(flow, from: start), relative: 1e-7, "\(type(of: adjoint))")
  }

  /// A derivative along the way costs no more than the plan of the loop.
  @Test func `the Jacobian of a linear flow is its own map`() throws {
    let linear = ODE(Tensor.random([3, 3], seed: 11)) { _, y, a in matmul(a, y) }
    let flow = Flow(linear, over: 0...1, steps: 9, using: RungeKutta(.kutta3))
    let (start, direction) = (Tensor.random([3], seed: 1), Tensor.random([3], seed: 2))
    let rate = try jvp(at: start, along: direction) { try flow($0) }.derivative
    expectClose(rate, try flow(direction), relative: 1e-14)
  }
}
