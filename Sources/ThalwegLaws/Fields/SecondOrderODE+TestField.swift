import Foundation
import ThalwegDynamics
import ThalwegKernels
import ThalwegTensors

extension SecondOrderODE: TestField {
  static func linear(_ λ: [Complex]) -> SecondOrderODE {
    SecondOrderODE { _, y in multiplied(λ.map { $0 * $0 }, y) }
  }

  static func linearStart(_ count: Int) -> Tensor { complexOnes(count) }

  static var autonomous: OrderProblem<SecondOrderODE> {
    let problem = StandardProblem.pendulum
    guard case .fromRest(let field, let start) = problem.equation else {
      fatalError("laws: \(problem.name) is of another kind")
    }
    return OrderProblem(
      field: field, start: start, end: problem.end, solution: Array(problem.solution.prefix(1)))
  }

  /// Made so that y = cos t, with a force that depends on time along this solution too.
  static var nonAutonomous: OrderProblem<SecondOrderODE> {
    OrderProblem(
      field: SecondOrderODE { t, y in -cos(t) - 2 * sin(y - cos(t)) }, start: [1], end: 4,
      solution: [Foundation.cos(4.0)])
  }

  /// y'' = -Kᵀ tanh(Ky + b).
  static func network(width: Int) -> SecondOrderODE {
    SecondOrderODE(NetworkWeights.matrix(width), NetworkWeights.bias(width)) { _, y, k, b in
      -matmul(k.transposed, tanh(matmul(k, y) + b))
    }
  }

  static func networkStart(width: Int) -> Tensor { NetworkWeights.input(width) }
}
