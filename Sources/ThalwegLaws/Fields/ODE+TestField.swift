import Foundation
import ThalwegDynamics
import ThalwegKernels
import ThalwegTensors

extension ODE: TestField where State == Tensor {
  static func linear(_ λ: [Complex]) -> ODE<Tensor> { ODE { _, y in multiplied(λ, y) } }
  static func linearStart(_ count: Int) -> Tensor { complexOnes(count) }

  static var autonomous: OrderProblem<ODE<Tensor>> {
    let problem = StandardProblem.rigidBody
    guard case .firstOrder(let field, let start) = problem.equation else {
      fatalError("laws: \(problem.name) is of another kind")
    }
    return OrderProblem(field: field, start: start, end: problem.end, solution: problem.solution)
  }

  /// Logistic growth with a rate that oscillates: log(y / (1 - y)) = 3 sin t.
  static var nonAutonomous: OrderProblem<ODE<Tensor>> {
    OrderProblem(
      field: ODE { t, y in 3 * cos(t) * y * (1 - y) }, start: [0.5], end: 5,
      solution: [1 / (1 + Foundation.exp(-3 * Foundation.sin(5.0)))])
  }

  static func network(width: Int) -> ODE<Tensor> {
    ODE(NetworkWeights.matrix(width), NetworkWeights.bias(width)) { _, y, w, b in
      tanh(matmul(w, y) + b)
    }
  }

  static func networkStart(width: Int) -> Tensor { NetworkWeights.input(width) }
}
