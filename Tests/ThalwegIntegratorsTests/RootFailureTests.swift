import Foundation
import Testing
import Thalweg
import ThalwegTensors
import ThalwegTestSupport

/// What a root that is not found says, and systems that know nothing of each other.
@Suite struct RootFailureTests {
  private func reason(
    _ solver: NewtonKrylov = NewtonKrylov(), near guess: Tensor,
    _ residual: @escaping @Sendable (Tensor) -> Tensor,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> RootError.Reason? {
    let solve = compile { (guess: Tensor) in root(near: guess, using: solver, residual) }
    let error = #expect(throws: RootError.self, sourceLocation: sourceLocation) {
      try solve(guess)
    }
    return error?.reason
  }

  @Test(arguments: [LinearSolver.direct, .gmres(restart: 5), .biCGStab])
  func `equations without a root diverge`(_ linear: LinearSolver) throws {
    let reason = reason(NewtonKrylov(linear: linear), near: [0.7, 2]) { z in z * z + 1 }
    guard case .newtonDivergence(let residual, _, let iterations)? = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
    // The residual is at least 1 for each unknown.
    #expect(residual >= 2.0.squareRoot() && residual < 6)
    #expect(iterations > 1 && iterations <= 25)
    let text = "\(RootError(try #require(reason)))"
    #expect(text.contains("residual of norm") && text.contains("Begin nearer to the root"))
  }

  @Test func `too few iterations are an error`() {
    let solver = NewtonKrylov(tolerance: 1e-12, maximumIterations: 2)
    let reason = reason(solver, near: [5]) { z in z * z * z - 2 }
    guard case .newtonDivergence(_, _, 2)? = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
  }

  @Test func `a singular Jacobian is an error`() {
    let matrix: Tensor = [[1, 2], [2, 4]]
    let direct = reason(near: [1, 1]) { z in matmul(matrix, z) - [1, 1] }
    #expect(direct == .singularJacobian)
    let krylov = reason(NewtonKrylov(linear: .gmres(restart: 2)), near: [1, 1]) { z in
      matmul(matrix, z) - [2, -1]
    }
    guard case .krylovBreakdown(let residual, _)? = krylov else {
      Issue.record("\(String(describing: krylov))")
      return
    }
    #expect(residual > 0.9)
  }

  @Test func `a residual that is not finite is an error`() {
    let atGuess = reason(near: [-1]) { z in log(z) - 1 }
    guard case .newtonDivergence(let residual, _, 0)? = atGuess else {
      Issue.record("\(String(describing: atGuess))")
      return
    }
    #expect(residual.isNaN)
    // Where the first step leads out of the domain, a shorter one is taken.
    let z = root(near: Tensor([6]), using: NewtonKrylov(tolerance: 1e-14)) { z in log(z) - 0.5 }
    expectClose(z.scalar, Foundation.exp(0.5), relative: 1e-14)
  }

  // MARK: - Independent samples

  private let solvers: [LinearSolver] = [
    .direct, .gmres(restart: 4), .gmres(restart: 2), .biCGStab,
  ]

  /// The roots of z + c (z³ + z₁ z₂) = y for each sample.
  private func roots(_ linear: LinearSolver, _ y: Tensor) -> Tensor {
    let solver = NewtonKrylov(
      tolerance: 1e-13, linear: linear, derivativeTolerance: 1e-14, samples: .independent)
    return root(near: .zeros(y.shape, dtype: y.dtype), using: solver) { z in
      let mixed = z.slice(0..<1, along: 1) * z.slice(1..<2, along: 1)
      return z + 3 * (z * z * z + mixed) - y
    }
  }

  @Test func `a sample does not depend on its neighbours`() throws {
    for linear in solvers {
      let solve = compile { (y: Tensor) in roots(linear, y) }
      let y: Tensor = [[0.1, 0.2, 0.3], [9, -7, 5], [0, 0, 0], [-1, 2, 40]]
      let others: Tensor = [[50, 60, -70], [9, -7, 5], [1, 1, 1], [0, 1e-9, 0]]
      let (first, second) = (try solve(y), try solve(others))
      #expect(first[1].values == second[1].values, "\(linear)")
      let residual =
        first + 3
        * (first * first * first + first.slice(0..<1, along: 1) * first.slice(1..<2, along: 1)) - y
      // In units of each sample's own size.
      for sample in 0..<4 {
        let scale = y[sample].values.map(abs).reduce(0, Swift.max)
        #expect(residual[sample].values.allSatisfy { abs($0) <= 1e-11 * scale }, "\(linear)")
      }
      #expect(first[2].values == [0, 0, 0])
    }
  }

  @Test func `derivatives of independent samples`() throws {
    let y = Tensor.random([3, 3], seed: 41)
    for linear in solvers {
      try expectDerivatives(of: { roots(linear, $0) }, at: y, step: 3e-4, "\(linear)")
    }
  }
}
