import ThalwegLaws

/// A solution with the time that it took.
struct TimedSolution {
  let solution: StandardProblem.Solution
  /// Seconds for one integration.
  let seconds: Double
  /// Seconds of the first call beyond that; none where only one call was made.
  let compileSeconds: Double?

  /// Solves a problem, and again to tell compilation apart where the first time was short.
  ///
  /// Further calls follow until so many seconds are spent; the shortest one counts.
  init(
    _ solver: StandardProblem.Solver, points: Int = 0, patience: Double = 0.05
  ) throws {
    var solution: StandardProblem.Solution?
    let first = try Stopwatch.seconds { solution = try solver.solve() }
    var (best, spent, calls) = (Double.infinity, 0.0, 0)
    while first < 1, calls == 0 || (spent < patience && calls < 100) {
      let seconds = try Stopwatch.seconds { solution = try solver.solve() }
      best = Swift.min(best, seconds)
      spent += seconds
      calls += 1
    }
    if points > 0 { solution = try solver.solve(points: points) }
    guard let solution else { fatalError("solve: no call was made") }
    self.solution = solution
    seconds = calls == 0 ? first : best
    compileSeconds = calls == 0 ? nil : Swift.max(0, first - best)
  }
}
