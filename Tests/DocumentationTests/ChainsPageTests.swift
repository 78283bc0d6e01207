import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/stiff.md on chains and grids.
@Suite struct ChainsPageTests {
  @Test func `bands solve for chains without a Krylov method`() throws {
    let rate = exp(4 * sin(12 * Tensor.iota(400) / 400)) * 1e4
    let uneven = ODE(rate) { t, u, rate in
      let flux = rate * (u.shifted(by: 1, along: 0, boundary: .zero) - u)
      return flux - flux.shifted(by: -1, along: 0, boundary: .zero) - u
    }
    let bands = NewtonKrylov(linear: .banded(reach: 1))
    let chain = Flow(
      uneven, over: 0...1, tolerance: 1e-5,
      using: DiagonallyImplicitRungeKutta(.kenCarp4, solver: bands))

    let plain = Flow(
      uneven, over: 0...1, tolerance: 1e-5, using: DiagonallyImplicitRungeKutta(.kenCarp4))
    expectClose(try chain(.ones([400])), try plain(.ones([400])), relative: 1e-4)
    #expect(chain.statistics.krylovIterations == 0)
    #expect(plain.statistics.krylovIterations > 1_000)
  }

  @Test func `multigrid solves for grids`() throws {
    let heat = ODE(Tensor(1e4)) { t, u, rate in
      let sides = [-1, 1].flatMap { side in
        [0, 1].map { axis in u.shifted(by: side, along: axis, boundary: .replicated) - u }
      }
      return rate * (sides[0] + sides[1] + sides[2] + sides[3])
    }
    let cycle = StagePreconditioner.multigrid(
      rate: Tensor(1e4), along: [0, 1], boundary: .replicated)
    let image = Flow(heat, over: 0...1, steps: 10, using: SDIRK2(preconditioner: cycle))

    let plain = Flow(heat, over: 0...1, steps: 10, using: SDIRK2())
    let start = Tensor.random([32, 32], seed: 81)
    expectClose(try image(start), try plain(start), relative: 1e-7)
    #expect(image.statistics.krylovIterations * 4 < plain.statistics.krylovIterations)
  }
}
