import ArgumentParser
import Foundation
import ThalwegLaws

/// `thalweg solve`: a standard problem by any method.
struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve", abstract: "Solve a standard problem and compare with its reference.",
    discussion: """
      References were computed in 128-bit floating point. Without a problem, the
      command lists what there is.

      EXAMPLES
        thalweg solve
        thalweg solve kepler-0.3
        thalweg solve lorenz --integrator rk4 --steps 5000
        thalweg solve pendulum --integrator leapfrog-consistent --json
      """)

  /// The times of all steps are held in memory.
  private static let mostSteps = 10_000_000

  @Argument(help: "The problem, as kepler-0.3; none lists them.")
  var problem: String?

  @Option(help: "The method, as verlet or rk4.")
  var integrator: String?

  @Option(help: "The number of steps, from 1 to \(mostSteps).")
  var steps: Int?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Draw the solution; by default where it goes to a terminal.")
  var picture: Bool?

  func validate() throws {
    if let problem {
      let found = try named(problem)
      if let integrator, !found.methodNames.contains(integrator) {
        throw ValidationError(
          "no integrator '\(integrator)' for \(problem). Known: "
            + found.methodNames.joined(separator: ", "))
      }
    }
    if let steps, !(1...Self.mostSteps).contains(steps) {
      throw ValidationError("--steps \(steps) is not from 1 to \(Self.mostSteps)")
    }
  }

  func run() throws {
    threads.apply()
    guard let name = problem else { return try list() }
    let problem = try named(name)
    let method = integrator ?? problem.methodNames[0]
    let count = steps ?? problem.steps
    // A picture takes the states of all steps.
    let isWanted = picture ?? (isatty(STDOUT_FILENO) == 1)
    let draws = isWanted && !json && count <= 1_000_000
    let clock = ContinuousClock()
    let begin = clock.now
    let solution = try problem.solution(by: method, steps: count, points: draws ? 1_000 : 0)
    let seconds = (clock.now - begin) / .seconds(1)
    if json {
      print(try SolveRecord(problem, method, solution, seconds).json)
    } else {
      report(problem, method, solution, seconds)
    }
    if draws { draw(problem, solution) }
  }

  private func named(_ name: String) throws -> StandardProblem {
    guard let problem = StandardProblem.named(name) else {
      let known = StandardProblem.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no problem '\(name)'. Known: \(known)")
    }
    return problem
  }

  private func list() throws {
    for problem in StandardProblem.all {
      if json {
        print(try ProblemRecord(problem).json)
      } else {
        print("\(problem.name.padded(to: 16))\(problem.summary)")
        print("\("".padded(to: 16))until \(problem.end); \(problem.source)")
      }
    }
  }

  private func report(
    _ problem: StandardProblem, _ method: String, _ solution: StandardProblem.Solution,
    _ seconds: Double
  ) {
    let statistics = solution.statistics
    print("\(problem.name): \(problem.summary)")
    print("\(method), \(statistics.steps) steps from 0 to \(problem.end)\n")
    print("".padded(to: 12) + "solution".padded(to: 25) + "reference".padded(to: 25) + "error")
    for (index, value) in solution.values.enumerated() {
      let error = String(format: "%9.2g", solution.errors[index])
      print(
        problem.components[index].padded(to: 12) + "\(value)".padded(to: 25)
          + "\(problem.solution[index])".padded(to: 25) + error)
    }
    print("\nlargest error   \(String(format: "%.3g", solution.largestError))")
    print("evaluations     \(statistics.evaluations)")
    print("memory          \(statistics.arenaBytes) bytes")
    print("time            \(String(format: "%.4f", seconds)) s with compilation")
  }

  private func draw(_ problem: StandardProblem, _ solution: StandardProblem.Solution) {
    let names = problem.components
    func component(_ index: Int) -> [Double] { solution.path.map { $0[index] } }
    switch problem.picture {
    case .orbit(let x, let y):
      print("\n" + Picture.curve(component(x), component(y), labels: (names[x], names[y])))
    case .series(let y):
      print("\n" + Picture.curve(solution.times, component(y), labels: ("t", names[y])))
    }
  }
}

private struct SolveRecord: Encodable {
  var result = "solve"
  var problem: String
  var integrator: String
  var steps: Int
  var components: [String]
  var solution: [Double]
  var reference: [Double]
  var error: Double
  var evaluations: Int
  var arenaBytes: Int
  var seconds: Double

  enum CodingKeys: String, CodingKey {
    case result, problem, integrator, steps, components, solution, reference, error, evaluations
    case arenaBytes = "arena_bytes"
    case seconds
  }

  init(
    _ problem: StandardProblem, _ integrator: String, _ solution: StandardProblem.Solution,
    _ seconds: Double
  ) {
    self.problem = problem.name
    self.integrator = integrator
    steps = solution.statistics.steps
    components = Array(problem.components.prefix(solution.values.count))
    self.solution = solution.values
    reference = Array(problem.solution.prefix(solution.values.count))
    error = solution.largestError
    evaluations = solution.statistics.evaluations
    arenaBytes = solution.statistics.arenaBytes
    self.seconds = seconds
  }
}

private struct ProblemRecord: Encodable {
  var problem: String
  var summary: String
  var end: Double
  var components: [String]
  var reference: [Double]
  var integrators: [String]
  var source: String

  init(_ problem: StandardProblem) {
    self.problem = problem.name
    summary = problem.summary
    end = problem.end
    components = problem.components
    reference = problem.solution
    integrators = problem.methodNames
    source = problem.source
  }
}
