import Foundation
import ThalwegDynamics
import ThalwegKernels
import ThalwegTensors

extension SeparableODE: TestField {
  static func linear(_ λ: [Complex]) -> SeparableODE {
    SeparableODE { _, p in
      p
    } force: { _, q in
      multiplied(λ.map { $0 * $0 }, q)
    }
  }

  static func linearStart(_ count: Int) -> PhasePoint {
    PhasePoint(q: complexOnes(count), p: .zeros([2, count]))
  }

  static var autonomous: OrderProblem<SeparableODE> {
    let problem = StandardProblem.henonHeiles
    guard case .separable(let field, let start) = problem.equation else {
      fatalError("laws: \(problem.name) is of another kind")
    }
    return OrderProblem(field: field, start: start, end: problem.end, solution: problem.solution)
  }

  /// Made so that q = sin t, p = cos t, with both halves nonlinear and, along this solution too,
  /// dependent on time.
  static var nonAutonomous: OrderProblem<SeparableODE> {
    OrderProblem(
      field: SeparableODE { t, p in
        cos(t) + 0.5 * sin(p - cos(t))
      } force: { t, q in
        -sin(t) - 2 * sin(q - sin(t))
      },
      start: PhasePoint(q: [0], p: [1]), end: 4,
      solution: [Foundation.sin(4.0), Foundation.cos(4.0)])
  }

  /// q' = Mp, p' = -Kᵀ tanh(Kq + b), which has an energy where M is symmetric.
  static func network(width: Int) -> SeparableODE {
    SeparableODE(
      NetworkWeights.matrix(width, phase: 1), NetworkWeights.matrix(width),
      NetworkWeights.bias(width)
    ) { _, p, m, _, _ in
      matmul(m, p)
    } force: { _, q, _, k, b in
      -matmul(k.transposed, tanh(matmul(k, q) + b))
    }
  }

  static func networkStart(width: Int) -> PhasePoint {
    PhasePoint(q: NetworkWeights.input(width), p: 2 * NetworkWeights.bias(width))
  }
}
