import Testing
import Thalweg
import ThalwegTestSupport

/// Three steps of Verlet, the middle one backwards, so that their leading errors cancel.
///
/// - Order: 4.
/// - Cost: four forces and three velocities a step.
/// - Source: H. Yoshida, "Construction of higher order symplectic integrators", Phys. Lett. A 150
///   (1990), 262-268, doi:10.1016/0375-9601(90)90092-3.
struct TripleJump<Field: SeparableDynamics>: ReversibleIntegrator {
  let order = 4

  /// The parts of a step: 1 / (2 - ∛2), what is left in the middle, and again.
  private static var parts: [Double] {
    [1.3512071919596578, -1.7024143839193155, 1.3512071919596578]
  }

  func step(_ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor) -> PhasePoint {
    var (time, state) = (t, y)
    for part in Self.parts {
      state = Verlet().step(f, at: time, from: state, by: part * h)
      time = time + part * h
    }
    return state
  }

  func unstep(_ f: Field, at t: Tensor, from y: PhasePoint, by h: Tensor) -> PhasePoint {
    var (time, state) = (t + h, y)
    for part in Self.parts.reversed() {
      time = time - part * h
      state = Verlet().unstep(f, at: time, from: state, by: part * h)
    }
    return state
  }
}

/// The method of Adams and Bashforth with two steps, begun by forward Euler.
///
///     y₁ = y + h (3/2 f(t, y) - 1/2 f(t - h, y₋))
///
/// - Order: 2.
/// - Cost: one evaluation a step, and one to begin with.
/// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
///   Springer, 1993, doi:10.1007/978-3-540-78862-1, section III.1.
struct AdamsBashforth<Field: Dynamics>: Integrator {
  /// The state and the slope one step before.
  struct Pair: TensorTree {
    var state: Field.State
    var slope: Field.State
    static var branches: Branches<Pair> { Branches(\.state, \.slope) }
  }

  let order = 2

  func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Pair {
    Pair(state: y, slope: f(t, y))
  }

  func step(_ f: Field, at t: Tensor, from y: Pair, by h: Tensor) -> Pair {
    let slope = f(t, y.state)
    return Pair(state: y.state.adding(h, [3 / 2, -1 / 2], [slope, y.slope]), slope: slope)
  }

  func state(of carry: Pair) -> Field.State { carry.state }
}

/// The code of docs/adding-an-integrator.md.
@Suite struct AddingAnIntegratorTests {
  @Test func `a tableau is data`() throws {
    // C.-W. Shu, S. Osher, J. Comput. Phys. 77 (1988), doi:10.1016/0021-9991(88)90177-5.
    let ssprk3 = ButcherTableau(
      name: "ssprk3", order: 3, a: [[], [1], [1 / 4, 1 / 4]], b: [1 / 6, 1 / 6, 2 / 3])
    let flow = Flow(ODE { t, y in -y }, over: 0...1, steps: 10, using: RungeKutta(ssprk3))
    print(try flow([1]).scalar)  // 0.367863…

    expectClose(try flow([1]).scalar, 0.36787944117144233, relative: 1e-4)
    let errors = try [20, 40].map { steps in
      let field = ODE { t, y in cos(t) * y }
      return try Flow(field, over: 0...1, steps: steps, using: RungeKutta(ssprk3))([1]).scalar
        - exp(sin(Tensor(1))).scalar
    }
    expectClose(errors[0] / errors[1], 8, relative: 0.1)
  }

  @Test func `a composition is a few lines`() throws {
    let pendulum = SeparableODE { t, p in
      p
    } force: { t, q in
      -sin(q)
    }
    let flow = Flow(
      pendulum, over: 0...10, steps: 100, using: TripleJump(), adjoint: ReversibleAdjoint())
    let start = PhasePoint(q: [1], p: [0])
    print(try flow(start), flow.statistics.evaluations)  // 4 a step: equal forces are merged
    let (energy, gradient) = try valueAndGradient(at: start) { start in
      let end = try flow(start)
      return sum(0.5 * square(end.p) - cos(end.q))
    }
    print(energy.scalar, gradient.q.scalar, gradient.p.scalar)  // -cos 1, sin 1, 0

    _ = try flow(start)
    #expect(flow.statistics.evaluations == 400)
    expectClose(energy.scalar, -0.5403023058681398, relative: 1e-5)
    expectClose([gradient.q.scalar, gradient.p.scalar], [0.8414709848078965, 0], relative: 1e-4)
  }

  @Test func `its order is seen in the errors`() throws {
    let forced = SeparableODE { t, p in
      p
    } force: { t, q in
      sin(t) - q
    }
    func errorAtTheEnd(_ steps: Int) throws -> Double {
      let flow = Flow(forced, over: 0...2, steps: steps, using: TripleJump())
      let q = try flow(PhasePoint(q: [0], p: [0])).q.scalar
      return q - 0.8707955499599833  // (sin 2 - 2 cos 2) / 2
    }
    let errors = try [20, 40, 80].map(errorAtTheEnd)
    print(errors[0] / errors[1], errors[1] / errors[2])  // 2⁴ = 16

    expectClose(errors[0] / errors[1], 16, relative: 0.1)
    expectClose(errors[1] / errors[2], 16, relative: 0.1)
  }

  @Test func `a step is undone`() throws {
    let forced = SeparableODE { t, p in
      p
    } force: { t, q in
      sin(t) - q
    }
    let start = PhasePoint(q: [0.3, -1], p: [0.2, 0.5])
    let after = TripleJump().step(forced, at: 0.7, from: start, by: 0.1)
    let back = TripleJump().unstep(forced, at: 0.7, from: after, by: 0.1)
    print((back.q - start.q).values, (back.p - start.p).values)

    expectClose(back.q, start.q, relative: 1e-15)
    expectClose(back.p, start.p, relative: 1e-15)
  }

  @Test func `a method may carry more than the state`() throws {
    let flow = Flow(ODE { t, y in -y }, over: 0...1, steps: 100, using: AdamsBashforth())
    let (value, gradient) = try valueAndGradient(at: [1] as Tensor) { sum(try flow($0)) }
    print(value.scalar, gradient.scalar)  // both 0.36788…

    expectClose(value.scalar, 0.36787944117144233, relative: 1e-4)
    expectClose(gradient.scalar, value.scalar, relative: 1e-14)
    let errors = try [100, 200].map { steps in
      try Flow(ODE { t, y in -y }, over: 0...1, steps: steps, using: AdamsBashforth())([1]).scalar
        - 0.36787944117144233
    }
    expectClose(errors[0] / errors[1], 4, relative: 0.1)
  }
}
