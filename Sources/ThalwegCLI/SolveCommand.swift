import ArgumentParser
import Foundation
import ThalwegLaws
import ThalwegTraining

/// `thalweg solve`: a standard problem by any method.
struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve", abstract: "Solve a standard problem and compare with its reference.",
    discussion: """
      References were computed in 128-bit floating point. Without a problem, the \
      command lists what there is. Methods that estimate their errors choose the \
      length of steps by a tolerance, others take so many of equal length. With --plot, \
      several methods are measured from coarse to fine and drawn, error against \
      evaluations and against time.

      EXAMPLES
        thalweg solve
        thalweg solve kepler-0.3
        thalweg solve lorenz --integrator rk4 --steps 5000
        thalweg solve pendulum --integrator leapfrog-consistent --json
        thalweg solve kepler-0.3 --plot kepler.svg
        thalweg solve robertson --integrator kvaerno5 --tolerance 1e-9
        thalweg solve lorenz --integrator euler,rk4,tsitouras5 --plot lorenz.svg
      """)

  /// The times of all steps are held in memory.
  private static let mostSteps = 10_000_000
  /// Good for a picture, and for six digits where errors do not grow.
  private static let usualTolerance = 1e-6

  @Argument(
    help: "The problem, as kepler-0.3; none lists them.",
    completion: .list(StandardProblem.all.map(\.name)))
  var problem: String?

  @Option(
    help: "The method, as verlet or rk4; with --plot several, with commas between them.",
    completion: .list(Array(Set(StandardProblem.all.flatMap(\.methodNames))).sorted()))
  var integrator: String?

  @Option(help: "The number of steps, from 1 to \(mostSteps), all of one length.")
  var steps: Int?

  @Option(help: "The relative error of a step; \(usualTolerance) where there is no --steps.")
  var tolerance: Double?

  @Option(help: "The error of a step beside the relative one; by default it suits the problem.")
  var absolute: Double?

  @Option(help: "Draw work over precision of several methods into this file, a .svg.")
  var plot: String?

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object; with --plot one for each integration before it.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Draw the solution; by default where it goes to a terminal.")
  var picture: Bool?

  func validate() throws {
    if let problem {
      let found = try named(problem)
      for name in methods ?? [] where !found.methodNames.contains(name) {
        throw ValidationError(found.noIntegrator(name))
      }
    } else if let option = [integrator.map { _ in "--integrator" }, plot.map { _ in "--plot" }]
      .compactMap({ $0 }).first
    {
      throw ValidationError("\(option) needs a problem; 'thalweg solve' lists them")
    }
    try validateSteps()
    try validatePlot()
  }

  private func validateSteps() throws {
    try FlagRange.check("--steps", steps, 1...Self.mostSteps)
    try FlagRange.check("--tolerance", tolerance, upTo: 1)
    try FlagRange.checkNotNegative("--absolute", absolute)
    let given = tolerance.map { _ in "--tolerance" } ?? absolute.map { _ in "--absolute" }
    guard let given else { return }
    guard steps == nil else {
      throw ValidationError("\(given) chooses the length of steps; leave --steps out")
    }
    guard let problem else {
      throw ValidationError("\(given) needs a problem; 'thalweg solve' lists them")
    }
    let known = try named(problem).adaptiveMethodNames
    for name in methods ?? [] where !known.contains(name) {
      throw ValidationError(
        "\(given): integrator '\(name)' estimates no errors. Those that do: "
          + known.joined(separator: ", "))
    }
  }

  private func validatePlot() throws {
    guard let plot else {
      guard (methods?.count ?? 1) == 1 else {
        throw ValidationError("--integrator names several methods, which needs --plot FILE")
      }
      return
    }
    guard plot.lowercased().hasSuffix(".svg") else {
      throw ValidationError("--plot '\(plot)' does not end in .svg, the one kind of picture")
    }
    guard steps == nil else {
      throw ValidationError("--plot goes through numbers of steps itself; leave --steps out")
    }
    guard tolerance == nil, absolute == nil else {
      throw ValidationError("--plot goes through tolerances itself; leave --tolerance out")
    }
  }

  func run() throws {
    threads.apply()
    guard let name = problem else { return try list() }
    let problem = try named(name)
    if let plot { return try compare(problem, into: plot) }
    let (method, stepping) = plan(problem)
    // A picture takes the states of all steps where these are of equal length.
    let isWanted = picture ?? (isatty(STDOUT_FILENO) == 1)
    let draws = isWanted && !json && stepping.count <= 1_000_000
    let progress = SolveProgress("\(name) by \(method), \(stepping.words)")
    defer { progress.finish() }
    let timed = try TimedSolution(problem.solver(by: method, stepping), points: draws ? 1_000 : 0)
    progress.finish()
    let report = SolveReport(
      problem: problem, method: method, stepping: stepping, timed: timed)
    print(json ? try SolveRecord(problem, method, stepping, timed).json : report.text)
    if draws { draw(problem, timed.solution) }
  }

  /// The method and its steps: what was asked for, or what suits.
  private func plan(
    _ problem: StandardProblem
  ) -> (method: String, stepping: StandardProblem.Stepping) {
    let method =
      methods?.first ?? (steps == nil ? problem.adaptiveMethod : problem.methodNames[0])
    guard steps == nil, problem.adaptiveMethodNames.contains(method) else {
      return (method, .steps(steps ?? problem.steps))
    }
    let relative = tolerance ?? Self.usualTolerance
    return (method, .tolerance(relative: relative, absolute: absolute))
  }

  private var methods: [String]? {
    integrator?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func named(_ name: String) throws -> StandardProblem {
    guard let problem = StandardProblem.named(name) else {
      let names = StandardProblem.all.map(\.name)
      throw ValidationError(
        "no problem '\(name)'\(names.proposal(for: name)); known: "
          + names.joined(separator: ", "))
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
    guard !comparison.runs.isEmpty else {
      throw Failure("solve: no method came near the solution of \(problem.name)", status: 1)
    }
    try writeAtomically([UInt8](comparison.drawing.svg.utf8), to: path)
    try FlagFile(of: self).write(to: "\(path).yaml", for: "solve")
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
