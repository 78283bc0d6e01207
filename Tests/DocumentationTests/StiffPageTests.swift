import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// The code of docs/stiff.md, and its numbers.
@Suite struct StiffPageTests {
  @Test func `an implicit method takes few steps`() throws {
    let robertson = ODE(Tensor([0.04, 1e4, 3e7])) { t, y, k in
      let loss = k[0] * y[0] - k[1] * y[1] * y[2]
      let gain = k[2] * square(y[1])
      return [-loss, loss - gain, gain]
    }
    let tolerance = Tolerance.relative(1e-6, absolute: 1e-12)
    let implicit = Flow(robertson, over: 0...40, tolerance: tolerance, using: RadauIIA5())
    let explicit = Flow(
      robertson, over: 0...40, tolerance: tolerance, using: EmbeddedRungeKutta(.tsitouras5))
    print(try implicit([1, 0, 0]), implicit.statistics.accepted)
    print(try explicit([1, 0, 0]), explicit.statistics.accepted)

    let scaled = Tolerance.relative(1e-6, absolute: Tensor([1e-9, 1e-13, 1e-9]))
    let careful = Flow(robertson, over: 0...40, tolerance: scaled, using: RadauIIA5())

    let solver = NewtonKrylov(tolerance: 1e-12, absoluteTolerance: 1e-18)
    let exact = Flow(
      robertson, over: 0...40, tolerance: tolerance, using: RadauIIA5(solver: solver))

    let few = Flow(
      robertson, over: 0...40, tolerance: tolerance, using: RadauIIA5(),
      adjoint: CheckpointedAdjoint(budget: 5))
    let gradient = try valueAndGradient(at: few) { try $0([1, 0, 0])[0] }.gradient
    print(gradient.dynamics.leaves[0].values)

    let end = [0.715_827_068_719_405, 9.185_534_764_557_764e-6, 0.284_163_745_745_830_37]
    for flow in [implicit, careful, exact, few] {
      let found = try flow([1, 0, 0]).values
      for (value, exact) in zip(found, end) { expectClose(value, exact, relative: 2e-6) }
    }
    #expect((80...95).contains(implicit.statistics.accepted), "\(implicit.statistics)")
    #expect(explicit.statistics.accepted > 30_000, "\(explicit.statistics)")
    let rates = gradient.dynamics.leaves[0].values
    for (value, exact) in zip(rates, [-4.2476, 1.3731e-5, -2.2884e-9]) {
      expectClose(value, exact, relative: 5e-5)
    }
  }

  @Test func `a preconditioner saves products`() throws {
    let rates = 1e5 * square(sin(12 * Tensor.iota(400) / 400))
    let uneven = ODE(rates) { t, u, rates in
      let left = u.shifted(by: -1, along: 0, boundary: .zero)
      return 1 + 10 * (left - 2 * u + u.shifted(by: 1, along: 0, boundary: .zero)) - rates * u
    }
    let diagonal = StagePreconditioner<Tensor> { t, s, u, v in v / (1 + s * (20 + rates)) }
    func products(_ preconditioner: StagePreconditioner<Tensor>?) throws -> Int {
      let method = DiagonallyImplicitRungeKutta<ODE<Tensor>>(
        .kenCarp4, preconditioner: preconditioner)
      let flow = Flow(uneven, over: 0...1, tolerance: 1e-5, using: method)
      _ = try flow(.ones([400]))
      return flow.statistics.krylovIterations
    }
    print(try products(nil), try products(diagonal))

    #expect(try 2 * products(diagonal) < products(nil))
  }

  @Test func `a sum is stepped through in two ways`() throws {
    let spreading = Split(
      explicit: ODE { t, u in u * (1 - u) * (u - 0.3) },
      implicit: ODE { t, u in
        let left = u.shifted(by: -1, along: 0, boundary: .zero)
        return 1e4 * (left - 2 * u + u.shifted(by: 1, along: 0, boundary: .zero))
      })
    let wave = Flow(
      spreading, over: 0...1, tolerance: 1e-5, using: AdditiveRungeKutta(.kenCarp4))

    let start = tabulated([40]) { Foundation.sin(Double($0[0] + 1) * .pi / 41) }
    let whole = Flow(
      spreading, over: 0...1, tolerance: 1e-8, using: DiagonallyImplicitRungeKutta(.kenCarp4))
    expectClose(try wave(start), try whole(start), relative: 0, absolute: 1e-4)
  }

  @Test func `a failure says what to do`() throws {
    let blowUp = ODE { t, y in y * y }
    do {
      _ = try Flow(blowUp, over: 0...2, steps: 10, using: BackwardEuler())([1])
    } catch {
      print(error.reason, error.time)
      print(error.advice)
    }

    let error = #expect(throws: IntegrationError.self) {
      try Flow(blowUp, over: 0...2, steps: 10, using: BackwardEuler())([1])
    }
    #expect(error?.advice.contains("Take shorter steps") == true)
  }

  /// |R(z) - eᶻ| beside the estimate, in closed form.
  @Test func `the estimate of one pair is a seventh of its error`() {
    func ratio(_ tableau: DiagonallyImplicitTableau, at z: Double) -> Double {
      var slopes: [Double] = []
      for (index, row) in tableau.a.enumerated() {
        let known = zip(row, slopes).map(*).reduce(1, +)
        slopes.append(z * known / (1 - z * row[index]))
      }
      let end = zip(tableau.b, slopes).map(*).reduce(1, +)
      let estimate = zip(tableau.error.weights, slopes).map(*).reduce(0, +)
      return abs(estimate / (end - Foundation.exp(z)))
    }
    expectClose(ratio(.kenCarp5, at: -1), 1 / 7.0, relative: 0.08)
    #expect(ratio(.kenCarp4, at: -1) > 0.3)
  }
}
