import Foundation
import Testing
import Thalweg
import ThalwegLaws

/// The stiff problems and what is known of all of them besides the reference.
@Suite struct StiffProblemTests {
  private static let stiff = StandardProblem.all.filter(\.isStiff)

  /// With steps that are short enough to be stable errors of order 4 have long vanished, except
  /// where the solution itself jumps.
  @Test(arguments: [
    ("robertson", 100_000, 1e-9), ("robertson-100", 300_000, 1e-9),
    ("robertson-400", 1_500_000, 1e-9), ("hires", 200_000, 1e-9), ("orego", 5_000_000, 1e-9),
    ("van-der-pol-1e-6", 40_000_000, 1e-6), ("e5", 200_000, 1e-9), ("e5-1e3", 10_000_000, 1e-9),
    ("brusselator-1d", 10_000, 1e-11),
  ])
  func `the reference is what explicit methods come to in very many steps`(
    name: String, steps: Int, bound: Double
  ) throws {
    let problem = try #require(StandardProblem.named(name))
    let solution = try problem.solution(by: "rk4", steps: steps)
    #expect(solution.relativeError < bound, "\(solution.values)")
  }

  @Test func `explicit methods fail with steps that would be accurate enough`() throws {
    for (name, steps) in [("robertson", 10_000), ("orego", 100_000), ("e5", 20_000)] {
      let problem = try #require(StandardProblem.named(name))
      #expect(throws: IntegrationError.self, "\(name)") {
        try problem.solution(by: "rk4", steps: steps)
      }
    }
  }

  @Test func `the time scales that were asked for are there`() {
    let names = Set(Self.stiff.map(\.name))
    let robertson = [
      "", "-100", "-400", "-4000", "-40000", "-4e5", "-4e6", "-4e7", "-4e9", "-4e10",
    ]
    let expected =
      robertson.map { "robertson\($0)" } + ["", "-1e3", "-1e5", "-1e7", "-1e13"].map { "e5\($0)" }
      + ["hires", "orego", "van-der-pol-1e-6", "brusselator-1d"]
    #expect(names == Set(expected))
  }

  @Test(arguments: StandardProblem.all.filter { !$0.invariants.isEmpty }.map(\.name))
  func `invariants hold at both ends, and slopes leave them alone`(name: String) throws {
    let problem = try #require(StandardProblem.named(name))
    guard case .firstOrder(let field, let start) = problem.equation else {
      Issue.record("\(name) has invariants and is of another kind")
      return
    }
    // A state of no particular kind, beside the two that lie on the solution.
    let odd = (0..<start.count).map { 0.3 + Foundation.sin(Double($0) * 1.7) / 4 }
    for invariant in problem.invariants {
      #expect(invariant.weights.count == start.count)
      #expect(invariant.defect(of: start.values) == 0)
      #expect(invariant.defect(of: problem.solution) < 4 * Double.ulpOfOne)
      for state in [start.values, problem.solution, odd] {
        let slope = field(0, Tensor(state, shape: start.shape)).values
        let terms = zip(invariant.weights, slope).map(*)
        let size = terms.map(\.magnitude).reduce(0, +)
        #expect(abs(terms.reduce(0, +)) <= 2 * Double.ulpOfOne * size, "\(slope)")
      }
    }
  }

  @Test func `a defect is relative to the terms of the sum`() {
    let invariant = LinearInvariant(weights: [0, 1, -1], value: 0)
    #expect(invariant.defect(of: [7, 3e-10, 3e-10]) == 0)
    #expect(abs(invariant.defect(of: [7, 3e-10, 2e-10]) - 1 / 3.0) < 1e-12)
    #expect(invariant.defect(of: [7, 3e-10, .nan]).isNaN)
    #expect(LinearInvariant(weights: [1, 1], value: 2).defect(of: [1, 2]) == 0.5)
  }

  @Test func `components that are zero are measured by the largest one`() throws {
    let orbit = try #require(StandardProblem.named("arenstorf"))
    #expect(orbit.errorScales == [0.994] + [Double](repeating: 2.001_585_106_379_082_5, count: 3))
    let traces = try #require(StandardProblem.named("e5-1e7"))
    #expect(traces.errorScales == Array(traces.solution.prefix(3)) + [traces.solution[0]])
  }
}
