import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// Explicit methods for diffusion, and methods for sums of a stiff part and another.
@Suite struct StabilizedMethodTests {
  private typealias Heat = ODE<Tensor>

  /// Decay at many rates up to a largest one.
  private static func decay(_ largest: Double) -> ODE<Tensor> {
    ODE { _, y in -largest * (Tensor.iota(401) / 400) * y }
  }

  /// The largest component after 200 steps; infinity where one stopped being finite.
  private func end(_ method: any Integrator<Heat>, rate: Double) -> Double {
    func run<Method: Integrator<Heat>>(_ method: Method) -> Double {
      let flow = Flow(Self.decay(rate), over: 0...200, steps: 200, using: method)
      let end = try? flow(.ones([401]))
      return end?.values.map(abs).reduce(0, max) ?? .infinity
    }
    return run(method)
  }

  @Test(arguments: [3, 40, 333, 4_000])
  func `as many stages as a spectral radius asks for are stable, and fewer are not`(
    radius: Int
  ) {
    let rate = Double(radius)
    let (chebyshev, legendre) = (
      RKC2<Heat>.stages(spectralRadius: rate, step: 1),
      RKL2<Heat>.stages(spectralRadius: rate, step: 1)
    )
    #expect(end(RKC2(stages: chebyshev), rate: rate) <= 1.0 + 1e-9)
    #expect(end(RKL2(stages: legendre), rate: rate) <= 1.0 + 1e-9)
    #expect(RKC2<Heat>.stableLength(stages: chebyshev) >= rate)
    #expect(chebyshev == 2 || RKC2<Heat>.stableLength(stages: chebyshev - 1) < rate)
    #expect(legendre == 3 || RKL2<Heat>.stableLength(stages: legendre - 2) < rate)
    if chebyshev > 3 { #expect(end(RKC2(stages: chebyshev - 2), rate: rate) > 1e3) }
  }

  /// The intervals that are published: 2/3 (s² - 1)(1 - 2/15 ε), and (s² + s - 2)/2.
  @Test(arguments: [5, 20, 100]) func `intervals are those published`(stages: Int) {
    let square = Double(stages * stages)
    let chebyshev = 2 / 3.0 * (square - 1) * (1 - 2 / 15.0 * 2 / 13)
    #expect(abs(RKC2<Heat>.stableLength(stages: stages) / chebyshev - 1) < 0.005)
    #expect(RKL2<Heat>.stableLength(stages: stages) == (square + Double(stages) - 2) / 2)
  }

  @Test(arguments: [2, 5, 20]) func `the estimate of RKC is of order 3`(stages: Int) {
    let method = RKC2<Heat>(stages: stages)
    let estimate = MovingProblem.power(at: 0.05) { MovingProblem.estimate(of: method, by: $0) }
    #expect(abs(estimate - 3) < 0.1, "\(estimate)")
    let dense = MovingProblem.power(at: 0.05) { MovingProblem.denseError(of: method, by: $0) }
    #expect(dense > 2.8, "\(dense)")
  }

  @Test func `one stage is too few`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RKL2<Heat>(stages: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("RKL2: 1 stages are fewer than two"))
  }

  // MARK: - Sums

  private static let pull = Split(
    explicit: ODE { t, y in -sin(t) + 0 * y },
    implicit: ODE { t, y in Tensor([-1, -1e3, -1e6]) * (y - cos(t)) })

  @Test(arguments: AdditiveTableau.all)
  func `steps through a stiff part are as long as the solution allows`(
    tableau: AdditiveTableau
  ) throws {
    let flow = Flow(
      Self.pull, over: 0...10, tolerance: .relative(1e-5, absolute: 1e-5),
      using: AdditiveRungeKutta(tableau))
    let end = try flow(.ones([3]))
    expectClose(end.values, [Double](repeating: Foundation.cos(10), count: 3), absolute: 1e-3)
    #expect(flow.statistics.accepted < 2_000, "\(flow.statistics)")
  }

  @Test(arguments: AdditiveTableau.all)
  func `without an explicit part the pair is its implicit method`(
    tableau: AdditiveTableau
  ) throws {
    let field = MovingProblem.field
    let sum = Split(explicit: ODE { _, y in 0 * y }, implicit: field)
    let solver = NewtonKrylov(tolerance: 1e-15)
    let pair = Flow(sum, over: 0...1, steps: 5, using: AdditiveRungeKutta(tableau, solver: solver))
    let plain = Flow(
      field, over: 0...1, steps: 5,
      using: DiagonallyImplicitRungeKutta(tableau.implicit, solver: solver))
    expectClose(try pair([1, 0]), try plain([1, 0]), relative: 1e-12)
  }

  @Test func `a sum is the sum of its parts`() throws {
    let sum = Split(
      explicit: ODE(Tensor(2)) { t, y, k in k * y + t },
      implicit: ODE(Tensor(3)) { _, y, k in -k * y })
    expectClose(sum(0.5, [1, 2]).values, [-0.5, -1.5], relative: 1e-15)
    #expect(sum.leaves.map(\.scalar) == [2, 3])
    #expect(sum.leafList.paths.allSatisfy { $0.hasPrefix("explicit") || $0.hasPrefix("implicit") })
    let flow = Flow(sum, over: 0...1, steps: 40, using: RungeKutta(.classic))
    // y' = t - y.
    expectClose(try flow([1]).scalar, 2 * Foundation.exp(-1), relative: 1e-8)
  }
}
