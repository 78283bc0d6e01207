import Foundation
import Testing
import Thalweg
import ThalwegLaws

@Suite struct StandardProblemTests {
  private static let imaginaryOnly = ["reversible-heun", "alf", "leapfrog-midpoint"]
  private static let nonStiff = StandardProblem.all.filter { !$0.isStiff }.map(\.name)

  @Test(arguments: nonStiff)
  func `the reference is what methods of order 4 converge to`(name: String) throws {
    let problem = try #require(StandardProblem.named(name))
    let counts = [1, 2, 4].map { $0 * problem.steps }
    let errors = try counts.map { try problem.solution(by: "rk4", steps: $0).largestError }
    #expect(errors[2] < 1e-5)
    // Terms of higher order may cancel a part of the leading one.
    #expect(errors[1] < errors[0] / 8 && errors[2] < errors[1] / 8, "\(errors)")
  }

  @Test(arguments: [
    ("kepler-0.3", 2), ("lotka-volterra", 4), ("henon-heiles", 2), ("rigid-body", 4),
    ("van-der-pol", 4),
  ])
  func `errors fall with the fourth power of the step`(name: String, refinement: Int) throws {
    let problem = try #require(StandardProblem.named(name))
    let counts = [refinement, 2 * refinement].map { $0 * problem.steps }
    let errors = try counts.map { try problem.solution(by: "rk4", steps: $0).largestError }
    #expect(abs(log2(errors[0] / errors[1]) - 4) < 0.1, "\(errors)")
  }

  @Test(arguments: nonStiff)
  func `every method that is offered approaches the reference`(name: String) throws {
    let problem = try #require(StandardProblem.named(name))
    let isDissipative =
      name.hasPrefix("detest") || ["brusselator", "van-der-pol", "lorenz"].contains(name)
    let slow = CataloguedMethod<ODE<Tensor>>.firstOrder.filter(\.isImplicit).map(\.name)
    for method in problem.methodNames {
      // So many steps that solve equations would take minutes: one problem shows that they work.
      let isSlow = slow.contains(method)
      if isSlow, name != "brusselator" { continue }
      // The close encounter with the moon is beyond methods of order 1 and 2, and dissipation is
      // beyond methods that are stable on the imaginary axis alone.
      if name.hasPrefix("arenstorf"), !method.hasPrefix("rk4") { continue }
      if isDissipative, Self.imaginaryOnly.contains(method) { continue }
      // Its limit is set by α alone, and the fastest decay here is beyond it.
      if name == "lorenz", method == "du-fort-frankel" { continue }
      let coarse = try problem.solution(by: method, steps: isSlow ? 500 : 10_000)
        .largestError
      // They spiral out or in so far that their errors say nothing yet.
      if name == "kepler-0.6", method == "euler" { continue }
      if name.hasPrefix("kepler"), ["momentum", "fixed-point-euler"].contains(method) { continue }
      let fine = try problem.solution(by: method, steps: isSlow ? 4_000 : 80_000)
        .largestError
      #expect(fine < 0.2 * coarse || fine < 1e-9, "\(method): \(coarse), \(fine)")
    }
  }

  @Test func `a method for equations of second order gives positions`() throws {
    let problem = try #require(StandardProblem.named("pendulum"))
    let solution = try problem.solution(by: "leapfrog-consistent", steps: 2_000)
    #expect(solution.values.count == 1 && solution.errors.count == 1)
    #expect(solution.largestError < 1e-3)
  }

  @Test func `a path has its first and last state`() throws {
    let problem = try #require(StandardProblem.named("kepler-0.3"))
    let solution = try problem.solution(by: "verlet", steps: 1_000, points: 100)
    #expect(solution.times.count == 101 && solution.path.count == 101)
    #expect(solution.path[0] == [0.7, 0, 0, (1.3 / 0.7).squareRoot()])
    #expect(solution.path[100] == solution.values)
    #expect(solution.times.last == problem.end)
  }

  @Test func `an unknown method is an error that lists the known ones`() throws {
    let problem = try #require(StandardProblem.named("lorenz"))
    let error = #expect(throws: StandardProblem.UnknownMethod.self) {
      try problem.solution(by: "verlet", steps: 10)
    }
    #expect(error?.description.contains("'verlet'") == true)
    #expect(error?.known == problem.methodNames && error?.known.first == "rk4")
  }

  @Test func `steps that are too long are an error`() throws {
    let problem = try #require(StandardProblem.named("lorenz"))
    #expect(throws: IntegrationError.self) { try problem.solution(by: "euler", steps: 20) }
  }

  @Test func `names are unique and references complete`() {
    let problems = StandardProblem.all
    #expect(Set(problems.map(\.name)).count == problems.count)
    #expect(problems.allSatisfy { $0.solution.count == $0.components.count })
    #expect(problems.allSatisfy { $0.solution.allSatisfy(\.isFinite) && $0.magnitude > 0 })
    #expect(problems.allSatisfy { Set($0.methodNames).count == $0.methodNames.count })
    #expect(StandardProblem.named("nonsense") == nil)
  }
}
