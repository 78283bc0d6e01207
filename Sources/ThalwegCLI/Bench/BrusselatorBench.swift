import Foundation
import Thalweg
import ThalwegAdjoints
import ThalwegIntegrators
import ThalwegLaws
import ThalwegTensors

/// Workload W4: the Brusselator on a line of cells, stiff by diffusion.
///
/// What counts is the time to a solution that is right to 1e-4 or 1e-6: each method is tried with
/// tolerances, or numbers of steps, and the cheapest that reaches the target is timed. The gradient of
/// a loss of the final state is taken where the solution is right to 1e-6.
enum BrusselatorBench {
  /// The end of a question: an error to be reached, or the gradient where the last of them is.
  enum Task: Hashable {
    case solution(Double)
    case gradient

    static let all = [Task.solution(1e-4), .solution(1e-6), .gradient]

    var words: String {
      switch self {
      case .solution(let target): target < 1e-5 ? "to 1e-6" : "to 1e-4"
      case .gradient: "gradient"
      }
    }

    var target: Double {
      switch self {
      case .solution(let target): target
      case .gradient: 1e-6
      }
    }
  }

  static let cases = [128, 1024, 8192].flatMap { cells in
    Task.all.flatMap { task in
      methods.filter { cells <= $0.mostCells }.map { method in
        BenchCase("W4", "cells=\(cells) \(task.words)", method.name) { example, settings in
          try [method.measure(Question(example, settings, cells: cells, task: task))]
        }
      }
    }
  }

  private struct Method: Sendable {
    let name: String
    /// Beyond so many cells it takes far longer than others.
    var mostCells = Int.max
    let measure: @Sendable (Question) throws -> BenchRecord
  }

  private static let methods = [
    implicit("Kvaerno 5, bands", .kvaerno5), implicit("Kvaerno 4, bands", .kvaerno4),
    implicit("KenCarp 4, bands", .kenCarp4),
    Method(name: "RKC2", mostCells: 1024) { question in
      try question.answered(by: [100, 200, 400, 800, 1600, 3200, 6400]) { steps in
        let stages = RKC2<ODE<Tensor>>.stages(
          spectralRadius: question.spectralRadius, step: question.line.end / steps)
        return question.flow(steps: Int(steps), RKC2(stages: stages))
      }
    },
    Method(name: "RK4", mostCells: 128) { question in
      // Twice that many beside the boundary of stability.
      try question.answered(by: [4_900]) { question.flow(steps: Int($0), RungeKutta(.classic)) }
    },
  ]

  private static func implicit(_ name: String, _ tableau: DiagonallyImplicitTableau) -> Method {
    Method(name: name) { question in
      try question.answered(by: (6...20).map { Foundation.pow(10, -Double($0) / 2) }) { tolerance in
        let solver = NewtonKrylov(tolerance: 0.03 * tolerance, linear: .banded(reach: 1))
        return Flow(
          question.line.dynamics, over: 0...question.line.end,
          tolerance: .relative(tolerance, absolute: tolerance),
          using: DiagonallyImplicitRungeKutta(tableau, solver: solver))
      }
    }
  }
}

extension BrusselatorBench {
  /// A line that is to be followed to its end.
  struct Question {
    let example: BenchCase
    let settings: BenchSettings
    let line: BrusselatorLine
    let task: Task
    private let reference: [Double]

    init(_ example: BenchCase, _ settings: BenchSettings, cells: Int, task: Task) {
      self.example = example
      self.settings = settings
      self.task = task
      line = BrusselatorLine(cells: cells)
      reference = line.reference ?? []
    }

    /// The fastest decay, of diffusion, and something for the reaction.
    var spectralRadius: Double { 0.08 * Double((line.cells + 1) * (line.cells + 1)) + 10 }

    func flow<Method: Integrator<ODE<Tensor>>>(steps: Int, _ method: Method) -> Flow<Method> {
      Flow(line.dynamics, over: 0...line.end, steps: steps, using: method)
    }

    /// Times the cheapest flow that reaches the target; numbers are those that flows are made of.
    func answered<Method: Integrator<ODE<Tensor>>>(
      by numbers: [Double], _ flow: (Double) -> Flow<Method>
    ) throws -> BenchRecord {
      var best: (number: Double, seconds: Double)?
      var reached = 0
      // Gradients are taken at the first that serves.
      for number in numbers where reached < (task == .gradient ? 1 : 2) {
        let candidate = flow(number)
        var end = try candidate(line.start)
        let seconds = try (0..<2).map { _ in
          try Stopwatch.seconds { end = try candidate(line.start) }
        }.min()
        guard let seconds, error(of: end) <= task.target else { continue }
        reached += 1
        if seconds < best?.seconds ?? .infinity { best = (number, seconds) }
      }
      guard let best else { throw BenchError.targetMissed(example.name, task.target) }
      let fastest = flow(best.number)
      var record = try task == .gradient ? gradient(of: fastest) : solution(fastest)
      // Numbers of steps are whole, tolerances are small.
      if best.number < 1 { record.tolerance = best.number }
      return record
    }

    // MARK: - Measurements

    private func solution<Method: Integrator<ODE<Tensor>>>(
      _ flow: Flow<Method>
    ) throws -> BenchRecord {
      var end = line.start
      let compile = try Stopwatch.seconds { end = try flow(line.start) }
      let memory = try ResidentMemory.growth { end = try flow(line.start) }
      let watch = try Stopwatch(settings, isWarm: true) { end = try flow(line.start) }
      var record = record(of: flow, "ms per solve", watch)
      record.compileSeconds = compile
      record.peakMebibytes = memory
      record.compare(BenchErrors(result: error(of: end)), within: BenchErrors(result: task.target))
      return record
    }

    private func gradient<Method: Integrator<ODE<Tensor>>>(
      of flow: Flow<Method>
    ) throws -> BenchRecord {
      let cells = line.cells
      let function = compile { (flow: Flow<Method>, start: Tensor) in
        let (value, gradient) = try valueAndGradient(at: flow) {
          sum(square(try $0(start))) / Double(4 * cells)
        }
        return [value] + gradient.leaves
      }
      let compile = try Stopwatch.seconds { _ = try function.plan(for: flow, line.start) }
      var outputs: [Tensor] = []
      let memory = try ResidentMemory.growth { outputs = try function(flow, line.start) }
      var end = try flow(line.start)
      // Solutions beside gradients, so that the ratio does not depend on the clock rate.
      let calls = max(1, Int(0.05 / (try Stopwatch.seconds { end = try flow(line.start) })))
      let watch = try Stopwatch(
        settings, isWarm: true,
        beside: {
          try Stopwatch.seconds { for _ in 0..<calls { end = try flow(line.start) } }
            / Double(calls)
        }, { outputs = try function(flow, line.start) })
      var record = record(of: flow, "ms per gradient", watch)
      record.compileSeconds = compile
      record.peakMebibytes = memory
      record.timesSolve = watch.best / (watch.companions.min() ?? .nan)
      let numbers = outputs.dropFirst().flatMap(\.values)
      record.loss = outputs[0].scalar
      record.describe(gradient: numbers)
      var errors = BenchErrors(result: error(of: end))
      errors.loss = BrusselatorReference.all[cells].map { abs(outputs[0].scalar / $0.loss - 1) }
      errors.gradient = BrusselatorReference.all[cells].map { distance(numbers, $0.gradient) }
      // Derivatives of a solution have larger errors than the solution.
      record.compare(errors, within: BenchErrors(loss: 1e-5, gradient: 1e-3, result: 1e-6))
      return record
    }

    private func record<Method: Integrator<ODE<Tensor>>>(
      of flow: Flow<Method>, _ metric: String, _ watch: Stopwatch
    ) -> BenchRecord {
      var record = BenchRecord(
        example, metric, watch, scale: 1e3, unit: "ms", settings: settings)
      record.steps = max(flow.steps, flow.statistics.accepted)
      record.evaluations = flow.statistics.evaluations
      record.arenaBytes = flow.statistics.arenaBytes
      return record
    }

    // MARK: - Errors

    private func error(of end: Tensor) -> Double { distance(end.values, reference) }

    /// The Euclidean norm of a difference, relative to the second vector.
    private func distance(_ values: [Double], _ expected: [Double]) -> Double {
      let square = zip(values, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (square / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
  }
}
