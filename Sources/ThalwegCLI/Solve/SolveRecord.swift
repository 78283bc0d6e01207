import ThalwegLaws

/// The result of `thalweg solve` as a JSON object.
struct SolveRecord: Encodable {
  var result = "solve"
  var problem: String
  var integrator: String
  var steps: Int
  var components: [String]
  var solution: [Double]
  var reference: [Double]
  var error: Double
  var relativeError: Double
  /// How far the sums that do not change have changed; none where the problem has none.
  var invariantDefect: Double?
  var evaluations: Int
  var arenaBytes: Int
  var seconds: Double
  var compileSeconds: Double?

  enum CodingKeys: String, CodingKey {
    case result, problem, integrator, steps, components, solution, reference, error, evaluations
    case relativeError = "relative_error"
    case invariantDefect = "invariant_defect"
    case arenaBytes = "arena_bytes"
    case seconds
    case compileSeconds = "compile_s"
  }

  init(_ problem: StandardProblem, _ integrator: String, _ timed: TimedSolution) {
    let solution = timed.solution
    self.problem = problem.name
    self.integrator = integrator
    steps = solution.statistics.steps
    components = Array(problem.components.prefix(solution.values.count))
    self.solution = solution.values
    reference = Array(problem.solution.prefix(solution.values.count))
    error = solution.largestError
    relativeError = solution.relativeError
    invariantDefect = problem.invariants.isEmpty ? nil : solution.invariantDefect
    evaluations = solution.statistics.evaluations
    arenaBytes = solution.statistics.arenaBytes
    seconds = timed.seconds
    compileSeconds = timed.compileSeconds
  }
}

/// A problem in the list of `thalweg solve` as a JSON object.
struct ProblemRecord: Encodable {
  var problem: String
  var summary: String
  var end: Double
  var components: [String]
  var reference: [Double]
  var integrators: [String]
  var stiff: Bool
  var source: String

  init(_ problem: StandardProblem) {
    self.problem = problem.name
    summary = problem.summary
    end = problem.end
    components = problem.components
    reference = problem.solution
    integrators = problem.methodNames
    stiff = problem.isStiff
    source = problem.source
  }
}

/// The end of a comparison of methods as a JSON object.
struct WorkPrecisionRecord: Encodable {
  var result = "work_precision"
  var problem: String
  var plot: String
  var runs: [WorkPrecision.Run]
}
