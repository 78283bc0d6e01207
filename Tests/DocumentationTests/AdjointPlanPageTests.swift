import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/adjoints.md on plans and on gradients that stay right.
@Suite struct AdjointPlanPageTests {
  @Test func `a plan for a state`() throws {
    let swings = PhasePoint(
      q: 0.1 * Tensor.randomNormal([32], key: 3), p: 0.1 * Tensor.randomNormal([32], key: 4))
    let long = Flow(
      ring, over: 0...1_000, steps: 10_000, using: Verlet(), adjoint: .automatic(budget: 1 << 16))
    let plan = try long.plan(from: swings)
    print(plan.choice, plan.storedBytes)
    print(plan.explanation)
    let gradient = try valueAndGradient(at: swings) {
      sum(square(try long.following(plan)($0).q))
    }.gradient

    let printed = Repository.page("docs/adjoints.md").lines.joined(separator: "\n")
    #expect(printed.contains("\(plan.choice) \(plan.storedBytes)\n\(plan.explanation)\n"))
    let direct = Flow(ring, over: 0...1_000, steps: 10_000, using: Verlet())
    let expected = try valueAndGradient(at: swings) { sum(square(try direct($0).q)) }.gradient
    #expect(relativeError(gradient.q, expected.q) < plan.errorBound)
  }

  @Test func `gradients that stay right`() throws {
    let stiff = ODE { t, y in
      let held = y.padded(before: 1, after: 1, along: 0)
      return 1_089 * (held.slice(2..<34) + held.slice(0..<32) - 2 * y)
    }
    let hot = sin(Double.pi / 33 * (1 + Tensor.iota(32)))
    func largestMode(safely: Bool) throws -> (Double, StabilityLimits?) {
      let flow = Flow(
        stiff, over: 0...0.05, tolerance: .relative(1e-6, absolute: 1e-8),
        using: EmbeddedRungeKutta(.tsitouras5), control: StepControl(gradientSafe: safely))
      let gradient = try valueAndGradient(at: hot) { try flow($0)[0] }.gradient
      return (gradient.values.map(abs).max() ?? 0, flow.statistics.stability)
    }
    print(try largestMode(safely: false).0)  // noise of 10⁸ and more
    print(try largestMode(safely: true))  // below 1, as any gradient of a diffusion is

    #expect(try largestMode(safely: false).0 > 1e3)
    #expect(try largestMode(safely: true).0 < 1)
  }
}
