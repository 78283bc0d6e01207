import ArgumentParser
import Foundation
import ThalwegLaws
import ThalwegTraining

/// `thalweg solve`: a standard problem by any method.
struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve", abstract: "Solve a standard problem and compare with its reference.",
    discussion: """
      References were computed in 128-bit floating point. Without a problem, the
      command lists what there is. With --plot, several methods are measured from
      coarse to fine steps and drawn, error against evaluations and against time.

      EXAMPLES
        thalweg solve
        thalweg solve kepler-0.3
        thalweg solve lorenz --integrator rk4 --steps 5000
        thalweg solve pendulum --integrator leapfrog-consistent --json
        thalweg solve kepler-0.3 --plot kepler.svg
        thalweg solve lorenz --integrator euler,heun,rk4 --plot lorenz.png
      """)

  /// The times of all steps are held in memory.
  private static let mostSteps = 10_000_000

  @Argument(help: "The problem, as kepler-0.3; none lists them.")
  var problem: String?

  @Option(help: "The method, as verlet or rk4; with --plot several, with commas between them.")
  var integrator: String?

  @Option(help: "The number of steps, from 1 to \(mostSteps).")
  var steps: Int?

  @Option(help: "Draw work over precision of several methods into this file, .svg or .png.")
  var plot: String?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object; with --plot one for each integration before it.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Draw the solution; by default where it goes to a terminal.")
  var picture: Bool?

  func validate() throws {
    if let problem {
      let found = try named(problem)
      for name in methods ?? [] where !found.methodNames.contains(name) {
        throw ValidationError(
          "no integrator '\(name)' for \(problem). Known: "
            + found.methodNames.joined(separator: ", "))
      }
    } else if let option = [integrator.map { _ in "--integrator" }, plot.map { _ in "--plot" }]
      .compactMap({ $0 }).first
    {
      throw ValidationError("\(option) needs a problem; 'thalweg solve' lists them")
    }
    if let steps, !(1...Self.mostSteps).contains(steps) {
      throw ValidationError("--steps \(steps) is not from 1 to \(Self.mostSteps)")
    }
    try validatePlot()
  }

  private func validatePlot() throws {
    guard let plot else {
      guard (methods?.count ?? 1) == 1 else {
        throw ValidationError("--integrator names several methods, which needs --plot FILE")
      }
      return
    }
    guard Drawing.Format(path: plot) != nil else {
      let known = Drawing.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: " or ")
      throw ValidationError("--plot '\(plot)' does not end in \(known)")
    }
    if steps != nil {
      throw ValidationError("--plot goes through numbers of steps itself; leave --steps out")
    }
  }

  func run() throws {
    threads.apply()
    guard let name = problem else { return try list() }
    let problem = try named(name)
    if let plot { return try compare(problem, into: plot) }
    let method = methods?.first ?? problem.methodNames[0]
    let count = steps ?? problem.steps
    // A picture takes the states of all steps.
    let isWanted = picture ?? (isatty(STDOUT_FILENO) == 1)
    let draws = isWanted && !json && count <= 1_000_000
    let progress = SolveProgress("\(name) by \(method), \(count) steps")
    defer { progress.finish() }
    let timed = try TimedSolution(
      problem.solver(by: method, .steps(count)), points: draws ? 1_000 : 0)
    progress.finish()
    let report = SolveReport(problem: problem, method: method, timed: timed)
    print(json ? try SolveRecord(problem, method, timed).json : report.text)
    if draws { draw(problem, timed.solution) }
  }

  private var methods: [String]? {
    integrator?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func named(_ name: String) throws -> StandardProblem {
    guard let problem = StandardProblem.named(name) else {
      let known = StandardProblem.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no problem '\(name)'. Known: \(known)")
    }
    return problem
  }

  private func list() throws {
    let width = 2 + (StandardProblem.all.map(\.name.count).max() ?? 0)
    for problem in StandardProblem.all {
      if json {
        print(try ProblemRecord(problem).json)
      } else {
        print("\(problem.name.padded(to: width))\(problem.summary)")
        let kind = problem.isStiff ? "stiff, " : ""
        print("\("".padded(to: width))\(kind)until \(problem.end); \(problem.source)")
      }
    }
  }

  private func compare(_ problem: StandardProblem, into path: String) throws {
    let comparison = try WorkPrecision(problem, methods ?? problem.comparedMethods) { run in
      if json { print(try run.json) }
    }
    guard !comparison.runs.isEmpty, let format = Drawing.Format(path: path) else {
      throw Failure("solve: no method came near the solution of \(problem.name)", status: 1)
    }
    try writeAtomically([UInt8](comparison.drawing.data(as: format)), to: path)
    if json {
      print(
        try WorkPrecisionRecord(problem: problem.name, plot: path, runs: comparison.runs).json)
    } else {
      print(comparison.table)
      print("\ndrawn in \(path)")
    }
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
