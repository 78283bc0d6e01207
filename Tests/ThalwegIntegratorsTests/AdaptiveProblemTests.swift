import Foundation
import Testing
import Thalweg
import ThalwegLaws

/// Every problem of the catalogue to a tolerance, by methods that choose their steps.
@Suite struct AdaptiveProblemTests {
  private static let nonStiff = StandardProblem.all.filter { !$0.isStiff }.map(\.name)
  /// After 10¹³ units of time the pyrolysis has decayed to 1e-22, as small as its absolute error.
  private static let stiff = StandardProblem.all.filter { $0.isStiff && $0.name != "e5-1e13" }
    .map(\.name)

  @Test(arguments: nonStiff)
  func `an explicit method solves it to nine digits`(name: String) throws {
    let problem = try #require(StandardProblem.named(name))
    let solution = try problem.solution(by: "dormand-prince8", tolerance: 1e-13)
    #expect(solution.relativeError < 1e-9, "\(solution.errors)")
    #expect(solution.invariantDefect < 1e-14)
  }

  @Test(arguments: stiff)
  func `an implicit method solves it to nine digits`(name: String) throws {
    let problem = try #require(StandardProblem.named(name))
    let solution = try problem.solution(by: "radau5", tolerance: 1e-10)
    #expect(solution.relativeError < 1e-9, "\(solution.errors)")
    // In the traces of the pyrolysis are sums of numbers of which most digits cancel.
    #expect(solution.invariantDefect < (name.hasPrefix("e5-1e") ? 1e-9 : 2e-14))
  }

  @Test func `what has decayed to nothing is next to nothing`() throws {
    let problem = try #require(StandardProblem.named("e5-1e13"))
    let solution = try problem.solution(by: "radau5", tolerance: 1e-8)
    // All components are below 1e-15. They were 1e-11 before, with rounding errors of 1e-27 a step
    // that stay in the difference of the second and third, and 1e-22 is what is left of these.
    #expect(solution.largestError < 1e-24, "\(solution.values)")
  }

  @Test(arguments: [
    "robertson", "hires", "orego", "van-der-pol-1e-6", "e5", "brusselator-1d",
  ])
  func `errors are in proportion to the tolerance`(name: String) throws {
    let problem = try #require(StandardProblem.named(name))
    let tolerances = [1e-5, 1e-7, 1e-9]
    let errors = try tolerances.map {
      try problem.solution(by: "radau5", tolerance: $0).relativeError
    }
    for (error, tolerance) in zip(errors, tolerances) { #expect(error < tolerance, "\(errors)") }
    // The error of a step is estimated to order 4 and is one of order 6, so that it may fall faster.
    let decades = log10(errors[0] / errors[2]) / 4
    #expect(decades > 0.75 && decades < 1.5, "\(errors)")
  }

  @Test(arguments: [
    ("bogacki-shampine3", 1e-8), ("dormand-prince5", 1e-9), ("tsitouras5", 1e-9),
    ("verner6", 1e-9), ("dormand-prince8", 1e-9), ("tr-bdf2", 1e-7), ("kvaerno3", 1e-8),
    ("kvaerno4", 1e-9), ("kvaerno5", 1e-9), ("kencarp3", 1e-8), ("kencarp4", 1e-9),
    ("kencarp5", 1e-9), ("radau5", 1e-9),
    ("rkc2-8", 1e-6),
  ])
  func `every method with an error estimate takes a tolerance`(
    name: String, tolerance: Double
  ) throws {
    // A pendulum that is almost upright makes much of small errors.
    for (problem, factor) in [("lotka-volterra", 2e3), ("pendulum", 5e4)] {
      let problem = try #require(StandardProblem.named(problem))
      let solution = try problem.solution(by: name, tolerance: tolerance)
      #expect(solution.relativeError < factor * tolerance, "\(solution.errors)")
      #expect(solution.statistics.accepted > 10 && solution.values.count == 2)
    }
  }

  @Test func `methods with an error estimate are listed`() throws {
    let problem = try #require(StandardProblem.named("lorenz"))
    let pairs = EmbeddedTableau.all.map(\.name) + DiagonallyImplicitTableau.all.map(\.name)
    #expect(Set(problem.adaptiveMethodNames) == Set(pairs + ["rkc2-8", "radau5"]))
    for problem in StandardProblem.all {
      #expect(problem.adaptiveMethodNames.contains(problem.adaptiveMethod))
      #expect(Set(problem.methodNames).isSuperset(of: problem.adaptiveMethodNames))
    }
  }

  @Test func `a path is given at equal times, from the first state to the last`() throws {
    let problem = try #require(StandardProblem.named("kepler-0.3"))
    let solution = try problem.solution(by: "tsitouras5", tolerance: 1e-8, points: 100)
    #expect(solution.times.count == 101 && solution.times[50] == 10)
    #expect(solution.path[0] == [0.7, 0, 0, (1.3 / 0.7).squareRoot()])
    #expect(solution.path[100] == solution.values)
  }

  @Test func `methods without an error estimate and unknown ones are errors`() throws {
    let problem = try #require(StandardProblem.named("lorenz"))
    let error = #expect(throws: StandardProblem.NoErrorEstimate.self) {
      try problem.solution(by: "rk4", tolerance: 1e-6)
    }
    #expect(error?.description.contains("'rk4'") == true && error?.known.contains("radau5") == true)
    #expect(throws: StandardProblem.UnknownMethod.self) {
      try problem.solution(by: "verlet", tolerance: 1e-6)
    }
  }
}
