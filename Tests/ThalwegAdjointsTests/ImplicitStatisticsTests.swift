import Testing
import Thalweg
import ThalwegTestSupport

/// What implicit flows say that they did, against what must have been done.
@Suite struct ImplicitStatisticsTests {
  private static let matrix: Tensor = [[-3, 1, 0], [1, -30, 2], [0, 2, -300]]
  private static let linear = ODE { _, y in matmul(matrix, y) }

  @Test func `a linear equation takes one matrix a step`() throws {
    let flow = Flow(
      Self.linear, over: 0...1, steps: 7,
      using: BackwardEuler(solver: NewtonKrylov(linear: .direct)))
    _ = try flow([1, 2, 3])
    let statistics = flow.statistics
    // A product for each column; a second correction may show that there is nothing left.
    #expect(statistics.jvps == 3 * 7 && statistics.krylovIterations == 0)
    #expect((7...14).contains(statistics.newtonIterations), "\(statistics)")
    // At the guess, and after each correction but one that ends the search.
    #expect((14...21).contains(statistics.evaluations), "\(statistics)")
    #expect(statistics.steps == 7 && statistics.smallestStep == nil && statistics.vjps == 0)
  }

  @Test(arguments: [LinearSolver.gmres(restart: 3), .biCGStab, .conjugateGradients])
  func `products are those of the Krylov method`(linear: LinearSolver) throws {
    let flow = Flow(
      Self.linear, over: 0...1, steps: 7, using: BackwardEuler(solver: NewtonKrylov(linear: linear))
    )
    _ = try flow([1, 2, 3])
    let statistics = flow.statistics
    #expect(statistics.jvps == statistics.krylovIterations && statistics.jvps >= 2 * 7)
    #expect(statistics.newtonIterations >= 7)
    // Two stages have twice the work, not more.
    let twice = Flow(
      Self.linear, over: 0...1, steps: 7, using: SDIRK2(solver: NewtonKrylov(linear: linear)))
    _ = try twice([1, 2, 3])
    #expect(twice.statistics.newtonIterations <= 4 * statistics.newtonIterations)
    #expect(twice.statistics.newtonIterations >= 14)
  }

  @Test func `steps are counted and measured`() throws {
    let field = ODE { t, y in -50 * (y - cos(t)) }
    let flow = Flow(
      field, over: 0...3, tolerance: .relative(1e-6, absolute: 1e-8),
      using: DiagonallyImplicitRungeKutta(.kvaerno5))
    _ = try flow([0])
    let statistics = flow.statistics
    let times = try flow.trajectory(from: [0]).times
    let sizes = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(statistics.accepted == sizes.count && statistics.steps == sizes.count)
    expectClose(statistics.smallestStep ?? 0, sizes.min() ?? 1)
    expectClose(statistics.largestStep ?? 0, sizes.max() ?? 1)
    // Each of the six stages of every try has at least one correction.
    let tries = statistics.accepted + statistics.rejected
    #expect(statistics.newtonIterations >= 6 * tries, "\(statistics)")
    #expect(statistics.evaluations >= statistics.newtonIterations)
  }
}
