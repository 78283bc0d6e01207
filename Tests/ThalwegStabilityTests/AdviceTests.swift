import Testing
import Thalweg
import ThalwegDynamics
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct AdviceTests {
  @Test func `oscillations get a method that conserves`() throws {
    let chain = SeparableODE { _, p in
      p
    } force: { _, q in
      400 * laplacian(q)
    }
    let start = PhasePoint(q: .zeros([20]), p: .zeros([20]))
    let advice = try advise(for: chain, at: start, over: 10, accurateStep: 0.5)
    #expect(advice.character == .oscillating && advice.best?.name == "verlet")
    let best = try #require(advice.best)
    let limit = 2 / advice.spectrum.radius
    #expect(best.step <= limit && best.step > 0.9 * limit && best.isLimitedByStability)
    expectClose(best.cost, 1.5 * Double(best.steps), relative: 1e-14)
    #expect(advice.rejections.contains { $0.name == "euler" })
    #expect(advice.options.contains { $0.name == "rk4" && !$0.fits })
    #expect(advice.description.contains("Verlet()") && advice.description.contains("undone"))
  }

  @Test func `equations of second order get leapfrog`() throws {
    let wave = SecondOrderODE { _, y in 400 * laplacian(y) }
    let advice = try advise(for: wave, at: .zeros([20]), over: 10, accurateStep: 0.5)
    #expect(advice.character == .oscillating && advice.best?.name == "leapfrog")
  }

  @Test func `stiff diffusion gets a stabilised or an implicit method`() throws {
    let heat = ODE { _, y in 4_000 * laplacian(y) }
    let advice = try advise(for: heat, at: .zeros([40]), over: 1, accurateStep: 0.5)
    #expect(advice.character == .diffusive)
    let best = try #require(advice.best)
    #expect(best.name.hasPrefix("rkc2") || best.name == "tr-bdf2", "\(best.name)")
    let euler = try #require(advice.options.first { $0.name == "euler" })
    #expect(euler.cost > 10 * best.cost && euler.isLimitedByStability)
    expectClose(euler.step, 2 / advice.spectrum.radius, relative: 1e-3)
    #expect(advice.rejections.contains { $0.name == "leapfrog-midpoint" })
    #expect(advice.description.contains("forgets"))
  }

  @Test func `what both oscillates and decays is split`() throws {
    // Reactions that oscillate fast, and diffusion that is faster.
    let field = ODE { _, y in
      let (u, v) = (y.slice(0..<1), y.slice(1..<2))
      func diffused(_ w: Tensor) -> Tensor {
        3_000 * (w.shifted(by: 1, along: 1) + w.shifted(by: -1, along: 1) - 2 * w)
      }
      return concatenate([diffused(u) + 150 * v, diffused(v) - 150 * u], along: 0)
    }
    let advice = try advise(for: field, at: .zeros([2, 30]), over: 1, accurateStep: 0.05)
    #expect(advice.character == .mixed && advice.best?.name == "kencarp3-imex", "\(advice)")
  }

  @Test func `slow dynamics need nothing special, and stiffness of one kind only is told`() throws {
    let advice = try advise(for: ODE { _, y in [0.01 * y[1], -0.01 * y[0]] }, at: [1.0, 0])
    #expect(advice.character == .slow && advice.best?.name == "rk4")
    let shear = ODE { _, y in [-y[0] + 50 * y[1], -y[1]] }
    let told = try advise(for: shear, at: [0.0, 0], over: 10)
    #expect(told.remarks.contains { $0.contains("far from normal") })
    let growth = try advise(for: ODE { _, y in [2 * y[0], -y[1]] }, at: [0.0, 0], over: 10)
    #expect(growth.remarks.contains { $0.contains("grow") })
  }

  @Test func `a saddle is neither stiff nor diffusion, and is what symplectic methods are for`()
    throws
  {
    // The top of a pendulum, and the tides of a planet: r beside -r.
    let pendulum = SecondOrderODE { _, y in -sin(y) }
    let top = try advise(for: pendulum, at: [2.5], over: 50, accurateStep: 0.5)
    let planet = SeparableODE { _, p in
      p
    } force: { _, q in
      -q / pow(square(q[0]) + square(q[1]), 1.5)
    }
    let near = try advise(
      for: planet, at: PhasePoint(q: [0.7, 0], p: [0, 1.4]), over: 20, accurateStep: 0.2)
    for advice in [top, near] {
      #expect(advice.character.rawValue == "saddle", "\(advice)")
      let verlet = try #require(advice.options.first { $0.name == "verlet" })
      #expect(verlet.fits && !verlet.isLimitedByStability)
      #expect(!advice.description.contains("diffusion"))
      #expect(advice.description.contains("saddle"))
    }
  }

  @Test func `real eigenvalues are those of diffusion where the Jacobian is symmetric`() throws {
    let reaction = ODE { _, y in [-1e6 * y[0], 0.5 * y[0] - y[1]] }
    let advice = try advise(for: reaction, at: [1.0, 0], over: 10, accurateStep: 0.5)
    #expect(advice.character == .diffusive && !advice.description.contains("diffusion"))
    #expect(advice.best?.code.contains("Implicit") == true, "\(advice)")
    #expect(advice.description.contains("RadauIIA5()"))
    let heat = ODE { _, y in 400 * laplacian(y) }
    #expect(try advise(for: heat, at: .zeros([20])).description.contains("diffusion"))
  }

  @Test func `methods that are dear for their accuracy say so, and a pair is named`() throws {
    let damped = ODE { _, y in [y[1], -y[0] - 0.1 * y[1]] }
    let advice = try advise(for: damped, at: [1.0, 0], over: 8, accurateStep: 0.1)
    let euler = try #require(advice.options.first { $0.name == "euler" })
    #expect(advice.character == .slow && advice.best?.name == "rk4")
    #expect(advice.best?.reason == "nothing is stiff")
    #expect(euler.cost > 40 * (advice.best?.cost ?? 0) && !euler.isLimitedByStability)
    #expect(euler.reason == "accuracy at order 1 sets the step")
    #expect(advice.description.contains("EmbeddedRungeKutta(.tsitouras5)"))
  }
}
