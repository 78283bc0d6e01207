import Foundation
import ThalwegLaws

/// Workload adaptive: small problems with steps of controlled size, work against precision.
///
/// All systems have the same method, the same tolerance, absolute and relative, and the same law of
/// step control, so that evaluations of the dynamics can be compared as well as times.
enum AdaptiveBench {
  private static let explicit = ["tsitouras5", "dormand-prince5", "dormand-prince8"]
  /// Problems with the methods that suit them.
  private static let problems: [(name: String, methods: [String])] = [
    ("lotka-volterra", explicit), ("lorenz", explicit), ("brusselator", explicit),
    ("van-der-pol", explicit + ["kvaerno5"]), ("hires", ["kvaerno5"]),
  ]

  static let cases = problems.flatMap { problem, methods in
    methods.flatMap { method in
      [4, 6, 8].map { digits in
        BenchCase("adaptive", "\(problem) \(method) 1e-\(digits)") { example, settings in
          try [measure(example, settings, problem, method, Foundation.pow(10, -Double(digits)))]
        }
      }
    }
  }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ name: String, _ method: String,
    _ tolerance: Double
  ) throws -> BenchRecord {
    guard let problem = StandardProblem.named(name) else {
      throw BenchError.unknownProblem(name)
    }
    let solver = try problem.solver(
      by: method, .tolerance(relative: tolerance, absolute: tolerance))
    var solution = try solver.solve()
    let compile = try Stopwatch.seconds {
      solution = try problem.solution(by: method, tolerance: tolerance, absolute: tolerance)
    }
    let watch = try Stopwatch(settings, isWarm: true) { solution = try solver.solve() }
    var record = BenchRecord(
      example, "microseconds per solve", watch, scale: 1e6, unit: "µs", settings: settings)
    record.compileSeconds = compile
    record.tolerance = tolerance
    record.steps = solution.statistics.accepted + solution.statistics.rejected
    record.evaluations = solution.statistics.evaluations
    // Dynamics multiply errors, those of the Lorenz system by thousands.
    record.compare(
      BenchErrors(result: solution.relativeError), within: BenchErrors(result: 1e5 * tolerance))
    return record
  }
}
