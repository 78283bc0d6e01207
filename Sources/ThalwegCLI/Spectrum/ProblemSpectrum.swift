import ThalwegDynamics
import ThalwegIntegrators
import ThalwegLaws
import ThalwegReports
import ThalwegStability
import ThalwegTensors

/// The eigenvalues of a standard problem along its solution.
struct ProblemSpectrum {
  private let problem: StandardProblem
  private let region: StabilityRegion
  /// The steps that are judged, if they are given.
  private let steps: Int?
  private let points: Int

  /// A problem with the method whose steps are judged.
  init(_ problem: StandardProblem, method: String?, steps: Int?, points: Int) throws {
    self.problem = problem
    self.points = points
    self.steps = steps
    let name = method ?? (problem.isStiff ? problem.adaptiveMethod : problem.methodNames[0])
    guard problem.methodNames.contains(name), let region = Self.region(of: name) else {
      throw Failure.usage(problem.noIntegrator(name))
    }
    self.region = region.named(name)
  }

  /// What pictures are called.
  var name: String { problem.name }

  private static func region(of name: String) -> StabilityRegion? {
    if let method = CataloguedMethod<ODE<Tensor>>.firstOrder.first(where: { $0.name == name }) {
      return StabilityRegion(of: method.integrator)
    }
    if let method = CataloguedMethod<SeparableODE>.separable.first(where: { $0.name == name }) {
      return StabilityRegion(of: method.integrator)
    }
    return CataloguedMethod<SecondOrderODE>.secondOrder.first { $0.name == name }
      .map { StabilityRegion(of: $0.integrator) }
  }

  /// The report, and advice at the place with the largest eigenvalue.
  func report(
    progress: (Double, String) -> Void
  ) throws -> (report: TrajectoryReport, advice: MethodAdvice) {
    progress(0, "the solution")
    // The states come from a solution that is more accurate than the steps that are judged.
    let solution = try problem.solution(
      by: problem.adaptiveMethod, tolerance: 1e-8, points: points)
    var places: [(time: Double, spectrum: Spectrum)] = []
    for (index, state) in solution.path.enumerated() {
      let time = solution.times[index]
      progress(Double(index) / Double(solution.path.count), "eigenvalues of t = \(time)")
      places.append((time, try spectrum(at: state, time)))
    }
    progress(1, "the steps of radau5")
    // Those of a method that stability does not limit are what accuracy alone asks for.
    let accurate = try problem.solution(by: "radau5", tolerance: 1e-4).statistics.accepted
    let isExplicit = region.realInterval.isFinite
    let count = steps ?? (problem.isStiff && !isExplicit ? accurate : problem.steps)
    let report = TrajectoryReport(
      problem.name, region, step: problem.end / Double(count), points: places)
    let radii = places.map(\.spectrum.radius)
    let worst = radii.indices.max { radii[$0] < radii[$1] } ?? 0
    // Accurate steps are shorter where the solution changes faster: at the largest eigenvalue by as much
    // as it exceeds the mean.
    let share = radii[worst] > 0 ? mean(radii) / radii[worst] : 1
    let step = problem.end / Double(accurate) * share
    return (report, try advice(at: solution.path[worst], places[worst].time, step))
  }

  /// The mean over times at equal distances.
  private func mean(_ values: [Double]) -> Double {
    let ends = (values[0] + values[values.count - 1]) / 2
    return (values.reduce(0, +) - ends) / Double(values.count - 1)
  }

  private func spectrum(at state: [Double], _ time: Double) throws -> Spectrum {
    switch problem.equation {
    case .firstOrder(let field, let start):
      return try ThalwegStability.spectrum(
        of: field, at: Tensor(state, shape: start.shape), time: time)
    case .separable(let field, let start):
      return try ThalwegStability.spectrum(
        of: field, at: start.replacing(state), time: time)
    case .fromRest(let field, let start):
      let point = PhasePoint(q: start, p: start)
      return try ThalwegStability.spectrum(
        of: field.firstOrder, at: point.replacing(state), time: time)
    }
  }

  private func advice(
    at state: [Double], _ time: Double, _ step: Double
  ) throws -> MethodAdvice {
    switch problem.equation {
    case .firstOrder(let field, let start):
      return try advise(
        for: field, at: Tensor(state, shape: start.shape), over: problem.end, time: time,
        accurateStep: step)
    case .separable(let field, let start):
      return try advise(
        for: field, at: start.replacing(state), over: problem.end, time: time, accurateStep: step)
    case .fromRest(let field, let start):
      let q = PhasePoint(q: start, p: start).replacing(state).q
      return try advise(for: field, at: q, over: problem.end, time: time, accurateStep: step)
    }
  }
}

extension PhasePoint {
  /// A point of the same shapes with given numbers.
  fileprivate func replacing(_ values: [Double]) -> PhasePoint {
    PhasePoint(
      q: Tensor(Array(values.prefix(q.count)), shape: q.shape),
      p: Tensor(Array(values.dropFirst(q.count)), shape: p.shape))
  }
}
