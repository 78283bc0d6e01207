import Foundation
import Testing
import Thalweg
import ThalwegLaws

/// Stiff problems by the methods as they are made without any setting.
@Suite struct StiffMethodTests {
  private static let methods: [(name: String, method: any EmbeddedIntegrator<ODE<Tensor>>)] =
    [DiagonallyImplicitTableau.kvaerno4, .kvaerno5, .kenCarp4, .kenCarp5].map {
      ($0.name, DiagonallyImplicitRungeKutta($0))
    } + [("radau5", RadauIIA5())]

  private struct NoField: Error {}

  private struct Run: CustomStringConvertible {
    var error: Double
    var statistics: FlowStatistics

    var description: String {
      "\(Float(error)), \(statistics.accepted) + \(statistics.rejected) steps, "
        + "\(statistics.newtonIterations) iterations"
    }
  }

  private func run<Method: EmbeddedIntegrator<ODE<Tensor>>>(
    _ method: Method, _ problem: StandardProblem, _ tolerance: Double
  ) throws -> Run {
    guard case .firstOrder(let field, let start) = problem.equation else {
      throw NoField()
    }
    let flow = Flow(
      field, over: 0...problem.end,
      tolerance: .relative(tolerance, absolute: tolerance * problem.magnitude), using: method)
    let end = try flow(start).values
    let errors = zip(zip(end, problem.solution), problem.errorScales).map {
      abs($0.0 - $0.1) / $1
    }
    return Run(error: errors.reduce(0, Swift.max), statistics: flow.statistics)
  }

  @Test(arguments: ["robertson", "hires", "orego", "van-der-pol-1e-6", "e5"], 0..<5)
  func `errors are in proportion to the tolerance`(name: String, index: Int) throws {
    let problem = try #require(StandardProblem.named(name))
    let tolerances = [1e-5, 1e-7, 1e-9]
    let runs = try tolerances.map { try run(Self.methods[index].method, problem, $0) }
    for (run, tolerance) in zip(runs, tolerances) {
      #expect(run.error < 100 * tolerance, "\(Self.methods[index].name): \(runs)")
    }
    let decades = log10(runs[0].error / runs[2].error) / 4
    // What is better than it need be may stop getting better.
    let isBetter = zip(runs, tolerances).allSatisfy { $0.error < 2 * $1 }
    #expect(decades > 0.6 || isBetter, "\(Self.methods[index].name): \(runs)")
  }
}
