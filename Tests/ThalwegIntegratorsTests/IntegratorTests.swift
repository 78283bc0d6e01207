import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What single methods promise beside the laws of the catalogue.
@Suite struct IntegratorTests {
  private let pendulum = SecondOrderODE { t, y in -sin(y) + 0.1 * cos(t) }

  @Test func `leapfrog with the consistent start has the positions of Verlet`() throws {
    let start = Tensor([1.2, -0.4])
    let leapfrog = Flow(
      pendulum, over: 0...5, steps: 50, using: Leapfrog(start: .consistent))
    let verlet = Flow(pendulum.firstOrder, over: 0...5, steps: 50, using: Verlet())
    let positions = try leapfrog.trajectory(from: start).states
    let states = try verlet.trajectory(from: PhasePoint(q: start, p: .zeros([2]))).states
    for (position, state) in zip(positions, states) {
      expectClose(position, state.q, relative: 1e-13)
    }
  }

  @Test func `leapfrog of networks begins with its first state twice`() throws {
    let start = Tensor([1.2])
    let end = try Flow(pendulum, over: 0...0.1, steps: 1, using: Leapfrog())(start)
    expectClose(end, start + 0.01 * pendulum.acceleration(0, start), relative: 1e-15)
  }

  @Test func `the midpoint leapfrog begins with forward Euler`() throws {
    let growth = ODE { t, y in y * (1 + t) }
    let leapfrog = try Flow(growth, over: 0...0.1, steps: 1, using: LeapfrogMidpoint())([2])
    expectClose(leapfrog.values, [2.2], relative: 1e-15)
    let two = try Flow(growth, over: 0...0.2, steps: 2, using: LeapfrogMidpoint())([2])
    expectClose(two.values, [2 + 0.2 * 2.2 * 1.1], relative: 1e-15)
  }

  @Test func `the variants of symplectic Euler are adjoint to one another`() throws {
    let field = SeparableODE { t, p in
      p * cos(t)
    } force: { t, q in
      -sin(q) + t
    }
    let start = PhasePoint(q: Tensor([0.5]), p: Tensor([0.2]))
    let there = try Flow(
      field, from: 0, to: 1, steps: 10, using: SymplecticEuler(.kickDrift))(start)
    let back = try Flow(
      field, from: 1, to: 0, steps: 10, using: SymplecticEuler(.driftKick))(there)
    expectClose(back.q, start.q, relative: 1e-14)
    expectClose(back.p, start.p, relative: 1e-13)
  }

  @Test func `Verlet is its own adjoint`() throws {
    let field = SeparableODE { t, p in
      p * cos(t)
    } force: { t, q in
      -sin(q) + t
    }
    let start = PhasePoint(q: Tensor([0.5]), p: Tensor([0.2]))
    let there = try Flow(field, from: 0, to: 1, steps: 10, using: Verlet())(start)
    let back = try Flow(field, from: 1, to: 0, steps: 10, using: Verlet())(there)
    expectClose(back.q, start.q, relative: 1e-14)
    expectClose(back.p, start.p, relative: 1e-13)
  }

  @Test func `any method of first order integrates separable and generic states`() throws {
    let field = SeparableODE { _, p in
      p
    } force: { _, q in
      -q
    }
    let start = PhasePoint(q: Tensor([1]), p: Tensor([0]))
    let end = try Flow(field, over: 0...1, steps: 100, using: RungeKutta(.classic))(start)
    expectClose(end.q.values, [0.5403023058681398], relative: 1e-9)
    expectClose(end.p.values, [-0.8414709848078965], relative: 1e-9)
  }

  @Test func `a damping that cannot be undone traps`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AsynchronousLeapfrog<ODE<Tensor>>(damping: 0.5)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("asynchronous leapfrog: damping 0.5 is not in (0, 1] without 1/2"))
  }

  @Test func `a tableau that is not explicit traps`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ButcherTableau(name: "gauss", order: 2, a: [[0.5]], b: [1])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("tableau gauss: row i of an explicit method has i entries"))
  }

  @Test func `a tableau that is not consistent traps`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ButcherTableau(name: "half", order: 1, a: [[]], b: [0.5])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("tableau half: the weights do not sum to 1"))
  }

  /// q'' = -q - c q' has q = e^(-ct/2) (cos ωt + c/2ω sin ωt) from rest at 1, ω² = 1 - c²/4.
  @Test func `friction follows the damped oscillator`() throws {
    let oscillator = SeparableODE { t, p in
      p
    } force: { t, q in
      -q
    }
    let (friction, end) = (0.5, 4.0)
    let frequency = (1 - friction * friction / 4).squareRoot()
    let exact =
      exp(-friction * end / 2)
      * (cos(frequency * end) + friction / (2 * frequency) * sin(frequency * end))
    let errors = try [100, 200, 400].map { steps in
      let factor = exp(-friction * end / Double(steps))
      let flow = Flow(
        oscillator, over: 0...end, steps: steps, using: DampedSymplecticEuler(factor))
      let q = try flow(PhasePoint(q: Tensor([1]), p: Tensor([0]))).q.values[0]
      return (q - exact).magnitude
    }
    #expect(errors[0] < 0.02)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect((coarse / fine - 2).magnitude < 0.1, "\(errors)")
    }
  }

  /// The determinant of the map of q and p is γ, and it is stable up to hω = √(2 (1 + γ)).
  @Test(arguments: [0.3, 0.9]) func `friction shrinks areas and keeps its limit`(factor: Double)
    throws
  {
    func end(_ ω: Double, _ start: PhasePoint, steps: Int) throws -> [Double] {
      let oscillator = SeparableODE { t, p in
        p
      } force: { t, q in
        -(ω * ω) * q
      }
      let flow = Flow(
        oscillator, from: 0, to: Double(steps), steps: steps, using: DampedSymplecticEuler(factor))
      return try flow(start).leaves.flatMap(\.values)
    }
    let limit = (2 * (1 + factor)).squareRoot()
    let start = PhasePoint(q: Tensor([1]), p: Tensor([0]))
    let first = try end(0.7, start, steps: 1)
    let second = try end(0.7, PhasePoint(q: Tensor([0]), p: Tensor([1])), steps: 1)
    #expect((first[0] * second[1] - first[1] * second[0] - factor).magnitude < 1e-14)
    #expect(try end(0.999 * limit, start, steps: 2_000).allSatisfy { $0.magnitude < 100 })
    #expect(try end(1.01 * limit, start, steps: 2_000).contains { $0.magnitude > 1e6 })
  }
}
