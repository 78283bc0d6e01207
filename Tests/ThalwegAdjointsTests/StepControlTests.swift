import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// The grid of steps against one that was computed in plain numbers.
@Suite struct StepControlTests {
  /// A pendulum that is driven, so that steps vary and time matters.
  private let pendulum = ODE { t, y in
    let (q, p) = (y.slice(0..<1), y.slice(1..<2))
    return concatenate([p, 3 * cos(2 * t) - 9 * sin(q)])
  }
  private func plain(_ t: Double, _ y: [Double]) -> [Double] {
    [y[1], 3 * Foundation.cos(2 * t) - 9 * Foundation.sin(y[0])]
  }
  private let start = [1.0, 0.5]

  private func expectSame(
    _ walk: PlainWalk, _ control: StepControl, from first: Double, to last: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = walk(plain, from: start, over: (first, last))
    let flow = Flow(
      pendulum, from: first, to: last,
      tolerance: .relative(walk.relative, absolute: walk.absolute), using: TestPair(),
      control: control)
    let found = try flow.trajectory(from: Tensor(start))
    #expect(found.times.count == expected.times.count, sourceLocation: sourceLocation)
    #expect(flow.statistics.rejected == expected.rejected, sourceLocation: sourceLocation)
    // Rounding differs in the last bit of a step, and the motion amplifies it.
    expectClose(
      found.times, expected.times, relative: 1e-10, "times", sourceLocation: sourceLocation)
    expectClose(
      found.states.flatMap(\.values), expected.states.flatMap { $0 }, relative: 1e-9, "states",
      sourceLocation: sourceLocation)
    expectClose(
      try flow(Tensor(start)).values, found.states.last?.values ?? [], relative: 0,
      sourceLocation: sourceLocation)
  }

  @Test func `the integral law`() throws {
    let walk = PlainWalk(relative: 1e-5, absolute: 1e-7)
    try expectSame(walk, StepControl(), from: 0, to: 6)
  }

  @Test func `laws with more memory`() throws {
    var walk = PlainWalk(relative: 1e-6, absolute: 1e-6)
    walk.law = (0.4, 0.3, 0)
    try expectSame(walk, StepControl(.proportionalIntegral), from: 0, to: 6)
    walk.law = (0.2, 0.5, 0.1)
    try expectSame(
      walk, StepControl(.pid(proportional: 0.2, integral: 0.5, derivative: 0.1)), from: 1, to: 7)
  }

  @Test func `backwards in time`() throws {
    let walk = PlainWalk(relative: 1e-6, absolute: 1e-6)
    try expectSame(walk, StepControl(), from: 2, to: -3)
  }

  @Test func `a first step that is given and rejected`() throws {
    let walk = PlainWalk(relative: 1e-6, absolute: 1e-6, firstStep: 2)
    let expected = walk(plain, from: start, over: (0, 3))
    #expect(expected.rejected > 2)
    try expectSame(walk, StepControl(firstStep: 2), from: 0, to: 3)
  }

  @Test func `steps end at given times`() throws {
    let times = [0.1, 0.10001, 1, 2.5]
    var walk = PlainWalk(relative: 1e-5, absolute: 1e-5)
    walk.stops = times
    // Times outside of the span and twice the same do not matter.
    let control = StepControl(stepTo: times.reversed() + [-1, 0, 1, 9])
    try expectSame(walk, control, from: 0, to: 4)
    let flow = Flow(
      pendulum, over: 0...4, tolerance: 1e-5, using: TestPair(), control: control)
    let grid = try flow.trajectory(from: Tensor(start)).times
    #expect(times.allSatisfy(grid.contains) && grid.last == 4 && grid.first == 0)
  }

  @Test func `steps are never longer than the largest`() throws {
    let flow = Flow(
      pendulum, over: 0...4, tolerance: 1e-3, using: TestPair(),
      control: StepControl(largestStep: 0.05))
    let grid = try flow.trajectory(from: Tensor(start)).times
    let sizes = zip(grid, grid.dropFirst()).map { $1 - $0 }
    #expect(sizes.allSatisfy { $0 <= 0.05 * 1.01 + 1e-12 } && (80...90).contains(sizes.count))
  }

  /// y' = s(t) y with s jumping from 1 to -2 at t = 1.
  @Test func `over a jump the order is kept`() throws {
    let field = ODE { t, y in select(t .< 1, 1, -2) * y }
    let exact = Foundation.exp(1 - 2 * 0.7)
    func error(_ jumps: [Double]) throws -> (Double, FlowStatistics) {
      let flow = Flow(
        field, over: 0...1.7, tolerance: 1e-9, using: TestPair(),
        control: StepControl(jumps: jumps))
      return (abs(try flow([1]).scalar - exact), flow.statistics)
    }
    let (named, plain) = (try error([1]), try error([]))
    #expect(named.0 < 1e-8 && named.1.rejected <= 2)
    #expect(plain.1.rejected > named.1.rejected + 5)
    let back = Flow(
      field, from: 1.7, to: 0, tolerance: 1e-9, using: TestPair(), control: StepControl(jumps: [1]))
    expectClose(try back(Tensor([exact])).scalar, 1, relative: 1e-7)
    #expect(back.statistics.rejected <= 2)
  }

  /// Between jumps the solution is linear, so that steps are exact and few.
  @Test func `many jumps, also at the end`() throws {
    let times = (1...20).map { Double($0) * 0.1 }
    // 1 in even tenths and -1 in odd ones.
    let field = ODE { t, y in
      let jumps = times.map { step(t - $0) }
      return 0 * y + cos(Double.pi * jumps.dropFirst().reduce(jumps[0], +))
    }
    let flow = Flow(
      field, over: 0...2, tolerance: 1e-6, using: TestPair(), control: StepControl(jumps: times))
    let trajectory = try flow.trajectory(from: [0], at: [0.1, 0.2, 0.5, 2])
    expectClose(trajectory.states.map(\.scalar), [0.1, 0, 0.1, 0], absolute: 1e-12)
    #expect(flow.statistics.rejected == 0)
  }
}
