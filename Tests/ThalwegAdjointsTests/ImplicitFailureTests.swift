import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// What flows say of equations that cannot be solved: why, where, and what to do.
@Suite struct ImplicitFailureTests {
  /// What is wrong with the equations from time 0.5 on.
  enum Defect: String, CaseIterable, Sendable {
    case noRoot, singular, tooManyProducts

    var solver: NewtonKrylov {
      NewtonKrylov(linear: self == .tooManyProducts ? .gmres(restart: 2) : .direct)
    }

    /// Equations without a solution; all that a step begins with is a part of them.
    func residual(_ z: Tensor) -> Tensor {
      switch self {
      case .noRoot: z * z + 1
      case .singular: matmul([[1, 2], [2, 4]], z) - [1, 1]
      case .tooManyProducts: matmul([[1, 2], [2, 4]], z) - [2, -1]
      }
    }

    func isReason(_ reason: IntegrationError.Reason) -> Bool {
      switch (self, reason) {
      case (.noRoot, .newtonDivergence(let residual, let contraction, let iterations)):
        residual >= 2.0.squareRoot() && contraction.isFinite && iterations > 0
      case (.singular, .singularJacobian): true
      case (.tooManyProducts, .krylovBreakdown(let residual, let products)):
        residual > 0.9 && products > 0
      default: false
      }
    }

    var words: (event: String, advice: String) {
      switch self {
      case .noRoot: ("Newton's method stopped after", "Take shorter steps, or let a tolerance")
      case .singular: ("Jacobian of a step's equations is singular", "Take shorter steps")
      case .tooManyProducts: ("was left with a relative residual of", "Give a preconditioner")
      }
    }
  }

  /// A method whose steps leave the state alone, until their equations have no solution.
  private struct Failing: EmbeddedIntegrator {
    typealias Field = ODE<Tensor>
    let order = 1
    let errorOrder = 2
    let defect: Defect
    /// The time from which on there is no solution.
    var breaking = 0.5
    /// Whether it begins with such equations.
    var failsAtStart = false

    private func solution(from y: Tensor, isPossible: Tensor) -> Tensor {
      root(near: y, using: defect.solver) { z in
        isPossible * (z - y) + (1 - isPossible) * defect.residual(z)
      }
    }

    func start(_ f: ODE<Tensor>, at t: Tensor, from y: Tensor, by h: Tensor) -> Tensor {
      failsAtStart ? solution(from: y, isPossible: 0) : y
    }

    func attempt(
      _ f: ODE<Tensor>, at t: Tensor, from y: Tensor, by h: Tensor
    ) -> StepAttempt<Tensor, Tensor, [Tensor]> {
      let isPossible = select(t .< Tensor(breaking), Tensor(1.0), Tensor(0.0))
      return StepAttempt(
        next: solution(from: y, isPossible: isPossible), error: 0 * y, dense: [])
    }

    func interpolate(
      _ dense: [Tensor], from y: Tensor, to next: Tensor, at part: Tensor, by h: Tensor
    ) -> Tensor { next }
  }

  private static let still = ODE { _, y in 0 * y }

  private func expect(
    _ error: IntegrationError?, of defect: Defect, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = try #require(error, sourceLocation: sourceLocation)
    #expect(defect.isReason(error.reason), "\(error)", sourceLocation: sourceLocation)
    #expect("\(error)".contains(defect.words.event), "\(error)", sourceLocation: sourceLocation)
    #expect(error.advice.contains(defect.words.advice), sourceLocation: sourceLocation)
    #expect(
      "\(error)".contains("t = \(error.time), h = \(error.stepSize)"), "\(error)",
      sourceLocation: sourceLocation)
  }

  // MARK: - Steps

  @Test(arguments: Defect.allCases) func `steps of one size`(defect: Defect) throws {
    let flow = Flow(Self.still, over: 0...1, steps: 10, using: Failing(defect: defect))
    let error = #expect(throws: IntegrationError.self) { try flow([3, 4]) }
    try expect(error, of: defect)
    // The step that begins at 0.5 is the sixth.
    #expect(error?.step == 6 && error?.steps == 10 && error?.stepSize == 0.1)
    expectClose(error?.time ?? 0, 0.6)
    #expect(error?.norm == 5)
  }

  @Test(arguments: Defect.allCases) func `steps of controlled size`(defect: Defect) throws {
    let flow = Flow(
      Self.still, over: 0...1, tolerance: 1e-3, using: Failing(defect: defect),
      control: StepControl(largestStep: 0.125))
    let error = #expect(throws: IntegrationError.self) { try flow([3, 4]) }
    try expect(error, of: defect)
    #expect(error?.steps == 0 && error?.norm == 5)
    #expect((error?.step ?? 0) == flow.statistics.accepted + 1)
    // Ever shorter steps were tried from there.
    #expect((error?.time ?? 0) >= 0.5 && (error?.time ?? 1) <= 0.625)
    #expect((error?.stepSize ?? 1) < 1e-14 && flow.statistics.rejected > 20)
  }

  @Test(arguments: Defect.allCases) func `before the first step`(defect: Defect) throws {
    let method = Failing(defect: defect, failsAtStart: true)
    let fixed = Flow(Self.still, over: 2...3, steps: 10, using: method)
    let controlled = Flow(Self.still, over: 2...3, tolerance: 1e-3, using: method)
    for flow in [fixed, controlled] {
      let error = #expect(throws: IntegrationError.self) { try flow([3, 4]) }
      try expect(error, of: defect)
      #expect(error?.step == 0 && error?.time == 2 && error?.norm == 5)
      #expect(throws: IntegrationError.self) { try flow.trajectory(from: [3, 4]) }
    }
  }

  /// The dynamics solve equations themselves, and have none to begin with.
  @Test func `dynamics without a solution`() throws {
    let field = ODE { _, y in root(near: y) { z in z * z + y } }
    let flow = Flow(field, over: 0...1, tolerance: 1e-3, using: EmbeddedRungeKutta(.tsitouras5))
    let error = #expect(throws: IntegrationError.self) { try flow([1]) }
    #expect(error?.step == 0 && error?.time == 0)
    // From -1 on the root is the negative one, y' = -√-y.
    expectClose(try flow([-1]).scalar, -2.25, relative: 1e-3)
  }

  // MARK: - Gradients

  private static let line = ODE(Tensor(20.0)) { _, u, rate in
    rate
      * (u.shifted(by: 1, along: 0, boundary: .zero)
        + u.shifted(by: -1, along: 0, boundary: .zero) - 2 * u)
  }

  /// A solver that comes to a coarse solution and to no fine one.
  private static let coarse = NewtonKrylov(
    tolerance: 0.1, linear: .gmres(restart: 2), maximumProducts: 12, derivativeTolerance: 1e-14)

  private func expectBackwardFailure<Method: Integrator<ODE<Tensor>>>(
    of flow: Flow<Method>, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> IntegrationError {
    let start = Tensor.random([60], seed: 3)
    _ = try flow(start)
    let error = try #require(
      #expect(throws: IntegrationError.self, sourceLocation: sourceLocation) {
        try valueAndGradient(at: start) { sum(square(try flow($0))) }
      }, sourceLocation: sourceLocation)
    let pulled = #expect(throws: IntegrationError.self, sourceLocation: sourceLocation) {
      try vjp(at: start, from: .ones([60])) { try flow($0) }
    }
    #expect(pulled?.step == error.step, sourceLocation: sourceLocation)
    guard case .krylovBreakdown(let residual, let products) = error.reason else {
      Issue.record("\(error)", sourceLocation: sourceLocation)
      return error
    }
    #expect(residual > 1e-14 && products >= 12, sourceLocation: sourceLocation)
    #expect(error.norm.isNaN, sourceLocation: sourceLocation)
    return error
  }

  @Test func `the way back of steps of one size`() throws {
    typealias Method = BackwardEuler<ODE<Tensor>>
    let adjoints: [any Adjoint<Method>] = [DirectAdjoint(), CheckpointedAdjoint(budget: 2)]
    for adjoint in adjoints {
      let flow = Flow(
        Self.line, over: 0...1, steps: 5, using: BackwardEuler(solver: Self.coarse),
        adjoint: adjoint)
      let error = try expectBackwardFailure(of: flow)
      // It begins with the last one.
      #expect(error.step == 5 && error.steps == 5 && error.time == 1, "\(error)")
    }
  }

  @Test func `the way back of steps of controlled size`() throws {
    typealias Method = DiagonallyImplicitRungeKutta<ODE<Tensor>>
    let adjoints: [any Adjoint<Method>] = [DirectAdjoint(), CheckpointedAdjoint(budget: 2)]
    for adjoint in adjoints {
      let flow = Flow(
        Self.line, over: 0...1, tolerance: .absolute(10),
        using: DiagonallyImplicitRungeKutta(.trBDF2, solver: Self.coarse), adjoint: adjoint,
        control: StepControl(firstStep: 0.25, largestStep: 0.25))
      let error = try expectBackwardFailure(of: flow)
      #expect(error.step == 4 && error.steps == 0, "\(error)")
      #expect(error.time == 0.75 && error.stepSize == 0.25, "\(error)")
    }
  }
}
