import Foundation
import Testing
import Thalweg
import ThalwegKernels
import ThalwegLaws
import ThalwegTestSupport

/// Steps that stay within the stability region of an explicit method where a gradient is asked for.
@Suite struct GradientSafetyTests {
  private typealias Method = EmbeddedRungeKutta<ODE<Tensor>>

  private func flow(
    _ field: ODE<Tensor>, _ tableau: EmbeddedTableau, _ tolerance: Double, safely: Bool,
    _ adjoint: some Adjoint<Method> = DirectAdjoint(),
    samples: StepControl.Samples = .together, end: Double = HeatEquation.end
  ) -> Flow<Method> {
    Flow(
      field, over: 0...end, tolerance: .relative(tolerance, absolute: tolerance / 100),
      using: EmbeddedRungeKutta(tableau), adjoint: adjoint,
      control: StepControl(samples: samples, gradientSafe: safely))
  }

  /// The gradient of a heat equation's loss, its error, and the number of steps.
  private func heat(
    _ tableau: EmbeddedTableau, _ tolerance: Double, safely: Bool,
    _ adjoint: some Adjoint<Method> = DirectAdjoint()
  ) throws -> (error: Double, steps: Int, limits: StabilityLimits?) {
    let flow = flow(HeatEquation.field, tableau, tolerance, safely: safely, adjoint)
    let measured = try measure(flow, at: HeatEquation.start, HeatEquation.loss)
    return (
      relativeError(measured.gradient, HeatEquation.exactGradient), measured.steps,
      flow.statistics.stability
    )
  }

  private func measure(
    _ flow: Flow<Method>, at start: Tensor, _ loss: @escaping @Sendable (Tensor) -> Tensor
  ) throws -> (gradient: [Double], steps: Int) {
    let gradient = compile { (flow: Flow<Method>, start: Tensor) in
      try valueAndGradient(at: start) { loss(try flow($0)) }.gradient
    }
    let plan = try gradient.plan(for: flow, start)
    var counts = RunCounts()
    let result = try plan.run(flow.leaves + [start], counting: &counts)
    return (result[0].values, counts.accepted)
  }

  // Other systems return this gradient with errors above 2e8: Benchmarks/peers/heat_gradient.py.
  @Test(arguments: [EmbeddedTableau.tsitouras5, .dormandPrince5])
  func `the gradient of a heat equation is right`(tableau: EmbeddedTableau) throws {
    let unsafe = try heat(tableau, 1e-6, safely: false)
    #expect(unsafe.error > 1e6 && unsafe.limits == nil, "\(unsafe)")
    for adjoint: any Adjoint<Method> in [DirectAdjoint(), CheckpointedAdjoint(budget: 5)] {
      let safe = try heat(tableau, 1e-6, safely: true, adjoint)
      // 3.9e-11 after 68 steps, and 1.3e-10 after 73.
      #expect(safe.error < 1e-9 && (60...80).contains(safe.steps), "\(safe)")
      #expect(Double(safe.steps) <= 1.3 * Double(unsafe.steps), "\(safe.steps), \(unsafe.steps)")
      let limits = try #require(safe.limits)
      #expect(limits.limitedSteps > 10 && limits.limitedSteps <= safe.steps, "\(limits)")
      #expect(limits.largestReach < StabilityRegion(of: tableau).realInterval)
      #expect(limits.products <= safe.steps + 15, "\(limits)")
    }
  }

  @Test(arguments: EmbeddedTableau.all)
  func `every pair is kept within its region`(tableau: EmbeddedTableau) throws {
    for tolerance in [1e-3, 1e-8] {
      let safe = try heat(tableau, tolerance, safely: true)
      #expect(safe.error < 200 * tolerance, "\(tableau.name) at \(tolerance): \(safe)")
    }
  }

  /// y' = -Kᵀ tanh(Ky + b), K the differences of neighbours over their distance.
  private func parabolic(_ b: Tensor) -> ODE<Tensor> {
    let scale = Double(HeatEquation.size + 1)
    return ODE(b) { _, y, b in
      let held = y.padded(before: 1, after: 1, along: 0)
      let n = HeatEquation.size
      let q = tanh(scale * (held.slice(1..<n + 2) - held.slice(0..<n + 1)) + b)
      return scale * (q.slice(1..<n + 1) - q.slice(0..<n))
    }
  }

  @Test func `so is that of a parabolic network`() throws {
    let bias = Tensor((0...HeatEquation.size).map { 0.3 * Foundation.sin(2.1 * Double($0)) })
    let fine = Flow(
      parabolic(bias), over: 0...HeatEquation.end, steps: 3_000, using: RungeKutta(.classic))
    let expected = try valueAndGradient(at: FlowProblem(fine, from: HeatEquation.start)) {
      HeatEquation.loss(try $0.end)
    }.gradient.leaves.map(\.values)
    func measured(safely: Bool) throws -> (errors: [Double], steps: Int) {
      let flow = flow(parabolic(bias), .tsitouras5, 1e-6, safely: safely)
      let problem = FlowProblem(flow, from: HeatEquation.start)
      let gradient = compile { (problem: FlowProblem<Method>) in
        try valueAndGradient(at: problem) { HeatEquation.loss(try $0.end) }.gradient
      }
      var counts = RunCounts()
      let values = try gradient.plan(for: problem).run(problem.leaves, counting: &counts)
      return (zip(values, expected).map { relativeError($0.values, $1) }, counts.accepted)
    }
    let (unsafe, safe) = (try measured(safely: false), try measured(safely: true))
    #expect(unsafe.errors.allSatisfy { $0 > 1e-6 }, "\(unsafe)")
    #expect(safe.errors.allSatisfy { $0 < 1e-6 }, "\(safe)")
    #expect(Double(safe.steps) <= 1.3 * Double(unsafe.steps), "\(safe.steps), \(unsafe.steps)")
  }

  @Test func `tangents are right as well`() throws {
    let direction = (1...HeatEquation.size).map { Foundation.cos(2.7 * Double($0)) }
    let exact = HeatEquation.applied({ Foundation.exp($0 * HeatEquation.end) }, to: direction)
    func error(safely: Bool) throws -> Double {
      let flow = flow(HeatEquation.field, .dormandPrince5, 1e-6, safely: safely)
      let rate = try jvp(at: HeatEquation.start, along: Tensor(direction)) { try flow($0) }
      return relativeError(rate.derivative.values, exact)
    }
    #expect(try error(safely: false) > 1e3)
    #expect(try error(safely: true) < 1e-6)
  }

  @Test func `samples with steps of their own are limited by their own dynamics`() throws {
    let field = ODE { (_: Tensor, y: Tensor) in
      let held = y.padded(before: 1, after: 1, along: 1)
      let n = HeatEquation.size
      let sides = held.slice(2..<n + 2, along: 1) + held.slice(0..<n, along: 1)
      return Double((n + 1) * (n + 1)) * (sides - 2 * y)
    }
    let flow = flow(field, .tsitouras5, 1e-6, safely: true, samples: .independent)
    let start = stack([HeatEquation.start, 3 * HeatEquation.start])
    let gradient = try measure(flow, at: start) { sum(Tensor(HeatEquation.weights) * $0) }.gradient
    let exact = HeatEquation.exactGradient
    #expect(relativeError(gradient, exact + exact) < 1e-6)
  }

  @Test func `a pair of imaginary eigenvalues is found`() throws {
    let turning = ODE { _, y in 50 * concatenate([y.slice(1..<2), -y.slice(0..<1)]) }
    let flow = flow(turning, .bogackiShampine3, 1e-2, safely: true, end: 1)
    let gradient = compile { (y: Tensor) in
      try valueAndGradient(at: y) { sum(try flow($0)) }.gradient
    }
    var counts = RunCounts()
    _ = try gradient.plan(for: [1, 0]).run([[1, 0]], counting: &counts)
    let limits = try #require(flow.statistics.stability)
    expectClose(limits.largestReach, 50 * counts.largestStep, relative: 1e-6)
    #expect(limits.products == counts.jvps)
  }

  /// Where accuracy asks for shorter steps than stability does, nothing changes, and little is computed.
  @Test func `other steps are left alone`() throws {
    let pendulum = ODE { (_: Tensor, y: Tensor) in
      concatenate([y.slice(1..<2), -sin(y.slice(0..<1))])
    }
    let start: Tensor = [1, 0.5]
    let safe = flow(pendulum, .tsitouras5, 1e-8, safely: true, end: 20)
    let unsafe = flow(pendulum, .tsitouras5, 1e-8, safely: false, end: 20)
    let (one, other) = (
      try measure(safe, at: start) { sum(square($0)) },
      try measure(unsafe, at: start) { sum(square($0)) }
    )
    #expect(one.gradient == other.gradient && one.steps == other.steps)
    let limits = try #require(safe.statistics.stability)
    #expect(limits.limitedSteps == 0 && limits.products <= one.steps / 4, "\(limits)")
    #expect(unsafe.statistics.stability == nil)
  }

  @Test func `a flow that is not differentiated is not limited`() throws {
    let safe = flow(HeatEquation.field, .tsitouras5, 1e-6, safely: true)
    let unsafe = flow(HeatEquation.field, .tsitouras5, 1e-6, safely: false)
    #expect(try safe(HeatEquation.start).values == unsafe(HeatEquation.start).values)
    #expect(safe.statistics.accepted == unsafe.statistics.accepted)
    #expect(safe.statistics.stability == nil && safe.statistics.jvps == 0)
    let steps = safe.statistics.accepted
    #expect(try safe.trajectory(from: HeatEquation.start).times.count == steps + 1)
  }
}
