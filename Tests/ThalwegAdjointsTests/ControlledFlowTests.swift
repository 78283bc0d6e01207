import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// Flows whose steps are as long as a tolerance allows.
@Suite struct ControlledFlowTests {
  private let decay = ODE { t, y in -y }
  private let rotation = ODE { t, y in matmul(y, [[0, -1], [1, 0]]) }
  private let logistic = ODE(Tensor(2.0)) { t, y, r in r * y * (1 - y) }
  private let swing = ODE { t, y in y * cos(t) }

  private func end<Method: EmbeddedIntegrator>(
    _ field: Method.Field, _ method: Method, _ tolerance: Double, to end: Double,
    from start: Tensor
  ) throws -> Tensor where Method.Field == ODE<Tensor> {
    try Flow(
      field, from: 0, to: end, tolerance: .relative(tolerance, absolute: tolerance), using: method)(
        start)
  }

  /// The error at the end falls with the tolerance; the factor between them depends on the problem.
  private func expectProportional(
    _ errors: [Double], to tolerances: [Double], within factor: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (error, tolerance) in zip(errors, tolerances) {
      #expect(error < factor * tolerance, "\(errors)", sourceLocation: sourceLocation)
      #expect(error > tolerance / 1e3, "\(errors)", sourceLocation: sourceLocation)
    }
  }

  private let tolerances = [1e-4, 1e-6, 1e-8, 1e-10]

  @Test func `the error of a decay is in proportion to the tolerance`() throws {
    let errors = try tolerances.map {
      abs(try end(decay, TestPair(), $0, to: 1, from: [1]).scalar - Foundation.exp(-1))
    }
    expectProportional(errors, to: tolerances, within: 10)
  }

  @Test func `the error of an oscillation is in proportion to the tolerance`() throws {
    let errors = try tolerances.map { tolerance in
      let y = try end(rotation, TestPair(), tolerance, to: 5, from: [1, 0])
      let exact = [Foundation.cos(5.0), -Foundation.sin(5.0)]
      return zip(y.values, exact).map { abs($0 - $1) }.max() ?? .nan
    }
    expectProportional(errors, to: tolerances, within: 30)
  }

  @Test func `the error of a logistic growth is in proportion to the tolerance`() throws {
    let exact = 0.1 * Foundation.exp(4) / (1 + 0.1 * (Foundation.exp(4) - 1))
    let errors = try tolerances.map {
      abs(try end(logistic, TestPair(), $0, to: 2, from: [0.1]).scalar - exact)
    }
    expectProportional(errors, to: tolerances, within: 10)
    let plain = try tolerances.prefix(3).map {
      abs(try end(logistic, PlainPair(), $0, to: 2, from: [0.1]).scalar - exact)
    }
    expectProportional(plain, to: tolerances, within: 100)
  }

  @Test func `integration backwards returns to the start`() throws {
    let forth = Flow(logistic, from: 0, to: 2, tolerance: 1e-9, using: TestPair())
    let back = Flow(logistic, from: 2, to: 0, tolerance: 1e-9, using: TestPair())
    let start = Tensor([0.1, 0.4, 1.3])
    // The way back amplifies errors by up to exp(4).
    expectClose(try back(try forth(start)), start, relative: 1e-6)
    #expect(back.statistics.accepted > 10)
  }

  @Test func `single precision is controlled too`() throws {
    let flow = Flow(
      swing, over: 0...3, tolerance: .relative(1e-4, absolute: 1e-4), using: TestPair())
    let end = try flow(Tensor([Float(1), 2]))
    #expect(end.dtype == .float32)
    let exact = Foundation.exp(Foundation.sin(3.0))
    expectClose(end.values, [exact, 2 * exact], relative: 1e-3)
  }

  @Test func `statistics say what was done`() throws {
    let flow = Flow(
      swing, over: 0...10, tolerance: 1e-6, using: TestPair(),
      control: StepControl(firstStep: 1.0))
    _ = try flow([1])
    let statistics = flow.statistics
    let plain = PlainWalk(relative: 1e-6, absolute: 1e-6, firstStep: 1)
    let walk = plain({ t, y in [y[0] * Foundation.cos(t)] }, from: [1], over: (0, 10))
    let sizes = zip(walk.times, walk.times.dropFirst()).map { $1 - $0 }
    #expect(statistics.accepted == sizes.count && statistics.steps == sizes.count)
    #expect(statistics.rejected == walk.rejected && walk.rejected > 0)
    // Three stages a try, and the first slope.
    #expect(statistics.evaluations == 3 * (sizes.count + walk.rejected) + 1)
    expectClose(statistics.smallestStep ?? 0, sizes.min() ?? 1, relative: 1e-9)
    expectClose(statistics.largestStep ?? 0, sizes.max() ?? 1, relative: 1e-9)
  }

  @Test func `a flow of no time is the identity`() throws {
    let flow = Flow(swing, over: 1...1, tolerance: 1e-6, using: TestPair())
    #expect(try flow([3]).values == [3])
    #expect(try flow.trajectory(from: [3], at: [1, 1]).states.map(\.values) == [[3], [3]])
    let slope = try valueAndGradient(at: [3] as Tensor) { sum(try flow($0)) }.gradient
    #expect(slope.values == [1])
  }

  @Test func `the same flow works with a fixed number of steps`() throws {
    let fixed = Flow(swing, over: 0...1, steps: 10, using: TestPair())
    let controlled = Flow(
      swing, over: 0...1, tolerance: .absolute(1e3), using: TestPair(),
      control: StepControl(firstStep: 0.1, largestStep: 0.1))
    expectClose(try controlled([1, 2]), try fixed([1, 2]), relative: 1e-14)
    #expect(controlled.statistics.accepted == 10 && fixed.statistics.accepted == 0)
    #expect(fixed.tolerance == nil && controlled.tolerance?.relative == 0)
  }
}
