import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Gradients through steps of controlled size, which count as given.
@Suite struct ControlledGradientTests {
  private typealias Pair = TestPair<ODE<Tensor>>

  /// A driven pendulum whose frequency is trained.
  private let pendulum = ODE(Tensor([9.0, 3.0])) { t, y, w in
    let (q, p) = (y.slice(0..<1), y.slice(1..<2))
    return concatenate([p, w.slice(1..<2) * cos(2 * t) - w.slice(0..<1) * sin(q)])
  }
  private let start = Tensor([1, 0.5])

  private func flow(
    _ adjoint: some Adjoint<Pair>, control: StepControl = StepControl(), tolerance: Double = 1e-5
  ) -> Flow<Pair> {
    Flow(
      pendulum, over: 0...3, tolerance: .relative(tolerance, absolute: tolerance),
      using: TestPair(), adjoint: adjoint, control: control)
  }

  private func gradient(
    _ flow: Flow<Pair>, from start: Tensor
  ) throws -> (value: Tensor, gradient: FlowProblem<Pair>) {
    try valueAndGradient(at: FlowProblem(flow, from: start)) { problem in
      sum(square(try problem.end) * Tensor([1, 2]))
    }
  }

  /// The same steps, written out as a computation of a fixed size.
  private func unrolled(
    _ problem: FlowProblem<Pair>, _ grid: [Double]
  ) -> Tensor {
    let (f, method) = (problem.flow.dynamics, TestPair<ODE<Tensor>>())
    var carry = method.start(f, at: Tensor([grid[0]], shape: []), from: problem.start, by: 0)
    for (t, end) in zip(grid, grid.dropFirst()) {
      let h = Tensor([end - t], shape: [])
      carry = method.attempt(f, at: Tensor([t], shape: []), from: carry, by: h).next
    }
    return sum(square(method.state(of: carry)) * Tensor([1, 2]))
  }

  @Test func `the gradient is that of the steps that were taken`() throws {
    let flow = flow(DirectAdjoint(), tolerance: 1e-2)
    let grid = try flow.trajectory(from: start).times
    #expect(grid.count > 10)
    let (value, gradient) = try gradient(flow, from: start)
    let expected = try valueAndGradient(at: FlowProblem(flow, from: start)) { unrolled($0, grid) }
    expectClose(value, expected.value, relative: 1e-11)
    for (found, wanted) in zip(gradient.leaves, expected.gradient.leaves) {
      expectClose(found, wanted, relative: 1e-10)
    }
  }

  @Test func `checkpoints give the same gradient to the last bit`() throws {
    let direct = try gradient(flow(DirectAdjoint()), from: start)
    for budget in [0, 1, 2, 3, 7, 20, 1000] {
      let flow = flow(CheckpointedAdjoint(budget: budget))
      let found = try gradient(flow, from: start)
      #expect(found.value.values == direct.value.values)
      let (a, b) = (found.gradient.leaves, direct.gradient.leaves)
      #expect(a.map(\.values) == b.map(\.values), "budget \(budget)")
      // Once more, with memory in which there is something.
      #expect(try gradient(flow, from: start).gradient.leaves.map(\.values) == b.map(\.values))
    }
  }

  @Test func `derivatives belong together`() throws {
    let adjoints: [any Adjoint<Pair>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 0), CheckpointedAdjoint(budget: 3),
    ]
    for adjoint in adjoints { try expectDerivatives(adjoint) }
  }

  /// With steps that do not depend on the state, derivatives are those of the values.
  private func expectDerivatives(_ adjoint: some Adjoint<Pair>) throws {
    let control = StepControl(firstStep: 0.05, largestStep: 0.05, stepTo: [0.33, 0.71])
    let flow = Flow(
      pendulum, over: 0...1, tolerance: .absolute(10), using: TestPair(), adjoint: adjoint,
      control: control)
    try ThalwegTestSupport.expectDerivatives(
      of: { try $0.end }, at: FlowProblem(flow, from: start), relative: 1e-7,
      "\(type(of: adjoint))")
    #expect(flow.statistics.rejected == 0)
  }

  @Test func `methods that carry the state alone`() throws {
    let flow = Flow(
      pendulum, over: 0...1, tolerance: .absolute(10), using: PlainPair(),
      adjoint: CheckpointedAdjoint(budget: 2),
      control: StepControl(firstStep: 0.05, largestStep: 0.05))
    try ThalwegTestSupport.expectDerivatives(
      of: { try $0.end }, at: FlowProblem(flow, from: start), relative: 1e-7)
  }

  /// The dot-product test with steps that were chosen, also of the second derivatives.
  @Test func `forward and backward derivatives agree on the recorded steps`() throws {
    let flow = flow(CheckpointedAdjoint(budget: 4))
    let point = FlowProblem(flow, from: start)
    var random = SplitMix64(seed: 3)
    let u = point.randomized(using: &random)
    let w = Tensor.random([2], using: &random)
    let rate = try jvp(at: point, along: u) { try $0.end }.derivative
    let pulled = try vjp(at: point, from: w) { try $0.end }.cotangent
    expectClose(dot([w], [rate]), dot(pulled.leaves, u.leaves), relative: 1e-11)

    func slope(_ x: FlowProblem<Pair>) throws -> FlowProblem<Pair> {
      try valueAndGradient(at: x) { sum(w * (try $0.end)) }.gradient
    }
    let v = point.randomized(using: &random)
    let a = try jvp(at: point, along: u, slope).derivative
    let b = try jvp(at: point, along: v, slope).derivative
    // The Hessian is symmetric.
    expectClose(dot(a.leaves, v.leaves), dot(b.leaves, u.leaves), relative: 1e-10)
    // And it is the gradient of the derivative along a direction.
    let c = try valueAndGradient(at: point) { x in
      sum(w * (try jvp(at: x, along: u) { try $0.end }.derivative))
    }.gradient
    for (x, y) in zip(a.leaves, c.leaves) { expectClose(x, y, relative: 1e-10) }
    // The gradient of ⟨gradient, u⟩ is the same once more.
    let d = try valueAndGradient(at: point) { x in
      zip(try slope(x).leaves, u.leaves).map { sum($0 * $1) }.reduce(Tensor(0.0), +)
    }.gradient
    for (x, y) in zip(a.leaves, d.leaves) { expectClose(x, y, relative: 1e-10) }
  }

  private func dot(_ a: [Tensor], _ b: [Tensor]) -> Double {
    zip(a.flatMap(\.values), b.flatMap(\.values)).map(*).reduce(0, +)
  }

  @Test func `a flow inside a compiled function`() throws {
    let flow = flow(CheckpointedAdjoint(budget: 5))
    let step = compile { (flow: Flow<Pair>, start: Tensor) in
      try valueAndGradient(at: FlowProblem(flow, from: start)) { sum(square(try $0.end)) }.gradient
    }
    let expected = try valueAndGradient(at: FlowProblem(flow, from: start)) {
      sum(square(try $0.end))
    }.gradient
    for _ in 0..<2 {
      let found = try step(flow, start)
      #expect(found.leaves.map(\.values) == expected.leaves.map(\.values))
    }
    // With other numbers there are other steps.
    let other = try step(flow, Tensor([2, -1]))
    #expect(other.start.values != expected.start.values)
  }

  /// The flow of a flow: the inner one is recorded anew in every step of the outer one.
  @Test func `flows inside flows`() throws {
    let inner = ODE(Tensor(1.5)) { t, y, w in -w * y * y }
    let outer = ODE(Tensor(1.5)) { t, y, w in
      let flow = Flow(
        inner.replacingLeaves(with: [w]), over: 0...1, tolerance: .absolute(10), using: PlainPair(),
        control: StepControl(firstStep: 0.25, largestStep: 0.25))
      do { return try flow(y) - y } catch { return y }
    }
    let fixed = Flow(outer, over: 0...1, steps: 4, using: RungeKutta(.heun))
    let controlled = Flow(
      outer, over: 0...1, tolerance: .absolute(10), using: PlainPair(),
      adjoint: CheckpointedAdjoint(budget: 1),
      control: StepControl(firstStep: 0.25, largestStep: 0.25))
    expectClose(try controlled([0.8]), try fixed([0.8]), relative: 1e-14)
    try ThalwegTestSupport.expectDerivatives(
      of: { try $0.end }, at: FlowProblem(controlled, from: [0.8]), relative: 1e-7)
    let a = try valueAndGradient(at: FlowProblem(fixed, from: [0.8])) { sum(try $0.end) }.gradient
    let b = try valueAndGradient(at: FlowProblem(controlled, from: [0.8])) { sum(try $0.end) }
      .gradient
    for (x, y) in zip(a.leaves, b.leaves) { expectClose(x, y, relative: 1e-13) }
  }

  /// States and weights so large that chains write in place and look for NaN themselves.
  @Test func `large states`() throws {
    let field = ODE(Tensor.random([8192], in: 0.5...1.5, seed: 1)) { t, y, w in
      -w * y * (1 + 0.1 * sin(t) * y)
    }
    let start = Tensor.random([8192], seed: 2)
    let control = StepControl(firstStep: 0.125, largestStep: 0.125)
    let fixed = FlowProblem(Flow(field, over: 0...1, steps: 8, using: TestPair()), from: start)
    let expected = try valueAndGradient(at: fixed) { sum(square(try $0.end)) }.gradient
    let adjoints: [any Adjoint<Pair>] = [DirectAdjoint(), CheckpointedAdjoint(budget: 2)]
    for adjoint in adjoints {
      try expectGradient(field, adjoint, from: start, control, expected)
    }
    let bad = Flow(
      ODE { t, y in sqrt(0.5 - t + 0 * y) }, over: 0...1, tolerance: 1e-3, using: TestPair())
    let error = #expect(throws: IntegrationError.self) { try bad(start) }
    expectClose(error?.time ?? 0, 0.5, relative: 1e-6)
  }

  private func expectGradient(
    _ field: ODE<Tensor>, _ adjoint: some Adjoint<Pair>, from start: Tensor,
    _ control: StepControl, _ expected: FlowProblem<Pair>
  ) throws {
    let flow = Flow(
      field, over: 0...1, tolerance: .absolute(10), using: TestPair(), adjoint: adjoint,
      control: control)
    let found = try valueAndGradient(at: FlowProblem(flow, from: start)) {
      sum(square(try $0.end))
    }.gradient
    for (x, y) in zip(found.leaves, expected.leaves) { expectClose(x, y, relative: 1e-13) }
  }

  @Test func `jumps are part of the gradient`() throws {
    let field = ODE(Tensor([1.0, -2.0])) { t, y, r in
      select(t .< 1, r.slice(0..<1), r.slice(1..<2)) * y
    }
    let adjoints: [any Adjoint<Pair>] = [DirectAdjoint(), CheckpointedAdjoint(budget: 2)]
    for adjoint in adjoints { try expectJump(field, adjoint) }
  }

  private func expectJump(_ field: ODE<Tensor>, _ adjoint: some Adjoint<Pair>) throws {
    let flow = Flow(
      field, over: 0...1.7, tolerance: 1e-9, using: TestPair(), adjoint: adjoint,
      control: StepControl(jumps: [1]))
    let slope = try valueAndGradient(at: FlowProblem(flow, from: [1])) { sum(try $0.end) }.gradient
    let end = Foundation.exp(1 - 1.4)
    // y = y₀ exp(r₀ + 0.7 r₁).
    expectClose(slope.leaves.flatMap(\.values), [1 * end, 0.7 * end, end], relative: 1e-7)
    try expectSymmetry(FlowProblem(flow, from: [1]))
  }

  private func expectSymmetry(_ point: FlowProblem<Pair>) throws {
    var random = SplitMix64(seed: 5)
    let (u, v) = (point.randomized(using: &random), point.randomized(using: &random))
    func curvature(_ u: FlowProblem<Pair>) throws -> [Tensor] {
      try jvp(at: point, along: u) { x in
        try valueAndGradient(at: x) { sum(try $0.end) }.gradient
      }.derivative.leaves
    }
    expectClose(
      dot(try curvature(u), v.leaves), dot(try curvature(v), u.leaves), relative: 1e-10)
  }
}
