import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/integrators.md.
@Suite struct IntegratorsPageTests {
  @Test func `each kind of equation has its methods`() throws {
    let decay = ODE { t, y in -y }
    let heun = Flow(decay, over: 0...1, steps: 10, using: RungeKutta(.heun))
    let back = Flow(decay, from: 1, to: 0, steps: 10, using: RungeKutta(.classic))

    let pendulum = SeparableODE { t, p in
      p
    } force: { t, q in
      -sin(q)
    }
    let verlet = Flow(pendulum, over: 0...1, steps: 10, using: Verlet())

    let spring = SecondOrderODE { t, y in -y }
    let leapfrog = Flow(spring, over: 0...1, steps: 10, using: Leapfrog(start: .consistent))
    let system = Flow(spring.firstOrder, over: 0...1, steps: 10, using: Verlet())

    expectClose(try heun([1]).scalar, 0.36787944117144233, relative: 2e-3)
    expectClose(try back([1]).scalar, 2.718281828459045, relative: 1e-5)
    expectClose(try verlet(PhasePoint(q: [0.1], p: [0])).q.scalar, 0.05405, relative: 1e-2)
    expectClose(try leapfrog([1]).scalar, 0.5403023058681398, relative: 1e-3)
    // The consistent start is Verlet's first step from rest.
    expectClose(
      try leapfrog([1]).scalar, try system(PhasePoint(q: [1], p: [0])).q.scalar, relative: 1e-14)
  }

  @Test func `the start of networks is of first order`() throws {
    let spring = SecondOrderODE { t, y in -y }
    for start in [Leapfrog<SecondOrderODE>.Start.network, .consistent] {
      let errors = try [20, 40, 80].map { steps in
        try Flow(spring, over: 0...2, steps: steps, using: Leapfrog(start: start))([1]).scalar
          - -0.4161468365471424
      }
      print(start, errors)

      let ratio = start == .network ? 2.0 : 4.0
      expectClose(errors[0] / errors[1], ratio, relative: 0.05)
      expectClose(errors[1] / errors[2], ratio, relative: 0.05)
      expectClose(errors[0], start == .network ? -4.6e-2 : -7.6e-4, relative: 0.02)
    }
  }

  @Test func `a step past the limit of stability shows`() throws {
    let stiff = ODE { t, y in -50 * y }
    for steps in [17, 18, 19] {  // hλ = -2.94, -2.78, -2.63; the limit of rk4 is -2.785
      let end = try Flow(stiff, over: 0...1, steps: steps, using: RungeKutta(.classic))([1])
      print(steps, end.scalar)

      #expect((abs(end.scalar) > 1) == (steps == 17), "\(steps): \(end)")
    }
  }
}
