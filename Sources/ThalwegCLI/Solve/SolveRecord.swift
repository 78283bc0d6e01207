import ThalwegLaws

/// The result of `thalweg solve` as a JSON object.
struct SolveRecord: Encodable {
  var result = "solve"
  var problem: String
  var integrator: String
  var steps: Int
  /// None where steps are of equal length, as the four below.
  var tolerance: Double?
  var accepted: Int?
  var rejected: Int?
  var smallestStep: Double?
  var largestStep: Double?
  var newtonIterations: Int
  var krylovIterations: Int
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
    case result, problem, integrator, steps, tolerance, accepted, rejected
    case components, solution, reference, error, evaluations
    case smallestStep = "smallest_step"
    case largestStep = "largest_step"
    case newtonIterations = "newton_iterations"
    case krylovIterations = "krylov_iterations"
    case relativeError = "relative_error"
    case invariantDefect = "invariant_defect"
    case arenaBytes = "arena_bytes"
    case seconds
    case compileSeconds = "compile_s"
  }

  init(
    _ problem: StandardProblem, _ integrator: String, _ stepping: StandardProblem.Stepping,
    _ timed: TimedSolution
  ) {
    let solution = timed.solution
    let statistics = solution.statistics
    self.problem = problem.name
    self.integrator = integrator
    steps = statistics.steps
    tolerance = stepping.relative
    accepted = stepping.relative.map { _ in statistics.accepted }
    rejected = stepping.relative.map { _ in statistics.rejected }
    smallestStep = statistics.smallestStep
    largestStep = statistics.largestStep
    newtonIterations = statistics.newtonIterations
    krylovIterations = statistics.krylovIterations
    components = Array(problem.components.prefix(solution.values.count))
    self.solution = solution.values
    reference = Array(problem.solution.prefix(solution.values.count))
    error = solution.largestError
    relativeError = solution.relativeError
    invariantDefect = problem.invariants.isEmpty ? nil : solution.invariantDefect
    evaluations = statistics.evaluations
    arenaBytes = statistics.arenaBytes
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
