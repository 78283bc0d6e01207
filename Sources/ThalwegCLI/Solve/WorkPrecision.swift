import Foundation
import ThalwegIntegrators
import ThalwegLaws

/// What several methods make of a problem for how much work, from coarse to fine steps or
/// tolerances.
struct WorkPrecision {
  /// One integration.
  struct Run: Encodable {
    var integrator: String
    var steps: Int
    /// None where steps are of equal length.
    var tolerance: Double?
    var error: Double
    var evaluations: Int
    var seconds: Double
  }

  /// Finer integrations than these say nothing new.
  private static let leastError = 1e-13
  /// Errors that grow with refinement are due to rounding where they are smaller than this.
  private static let roundingError = 1e-9
  /// Methods that need longer than so many seconds are not refined any further.
  private static let mostSeconds = 0.5

  let problem: StandardProblem
  private(set) var runs: [Run] = []

  /// Runs all methods.
  ///
  /// - Errors: none where an integration fails: it is left out, since coarse ones may be unstable.
  init(_ problem: StandardProblem, _ methods: [String], report: (Run) throws -> Void) throws {
    self.problem = problem
    let progress = SolveProgress("measuring")
    defer { progress.finish() }
    for (index, method) in methods.enumerated() {
      try measure(method) { run, share in
        progress.show(method, share: (Double(index) + share) / Double(methods.count))
        if let run { try report(run) }
      }
    }
  }

  /// The methods that ran, in order.
  var methods: [String] {
    var names: [String] = []
    for run in runs where names.last != run.integrator { names.append(run.integrator) }
    return names
  }

  private mutating func measure(_ method: String, report: (Run?, Double) throws -> Void) throws {
    let steppings = steppings(of: method)
    var last: Run?
    for (index, stepping) in steppings.enumerated() {
      let run = try run(method, stepping)
      // Each run costs about twice as much as the one before.
      try report(run, 1 / Double(1 << (steppings.count - 1 - index)))
      guard let run else { continue }
      runs.append(run)
      let isRounding = run.error < Self.roundingError && run.error > last?.error ?? 1
      if isRounding || run.error < Self.leastError || run.seconds > Self.mostSeconds { return }
      last = run
    }
  }

  /// Fractions of the number of steps at which methods of order 4 are accurate to a few digits.
  private static let refinements: [Double] = (-4...8).map { exponent in
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// Each decade of tolerances costs methods of order 3 to 8 half to one time more.
  private static let tolerances = (2...13).map { pow(10, -Double($0)) }

  private func steppings(of method: String) -> [StandardProblem.Stepping] {
    if problem.adaptiveMethodNames.contains(method) {
      return Self.tolerances.map { .tolerance(relative: $0) }
    }
    return Self.refinements.map { .steps(Swift.max(1, Int(Double(problem.steps) * $0))) }
  }

  private func run(_ method: String, _ stepping: StandardProblem.Stepping) throws -> Run? {
    do {
      let timed = try TimedSolution(problem.solver(by: method, stepping))
      guard timed.solution.relativeError < 1 else { return nil }
      let statistics = timed.solution.statistics
      return Run(
        integrator: method, steps: statistics.steps, tolerance: stepping.relative,
        error: timed.solution.relativeError, evaluations: statistics.evaluations,
        seconds: timed.seconds)
    } catch is IntegrationError {
      return nil
    }
  }
}
