import Foundation
import ThalwegDynamics
import ThalwegKernels
import ThalwegTensors

extension Split: TestField where Explicit == ODE<Tensor>, Implicit == ODE<Tensor> {
  /// A quarter of λ is stepped through explicitly.
  static func linear(_ λ: [Complex]) -> Self {
    Split(
      explicit: .linear(λ.map { $0 * 0.25 }), implicit: .linear(λ.map { $0 * 0.75 }))
  }

  static func linearStart(_ count: Int) -> Tensor { complexOnes(count) }

  /// A decay is added to one part and taken from the other.
  static var autonomous: OrderProblem<Self> {
    let problem = ODE<Tensor>.autonomous
    return OrderProblem(
      field: Split(
        explicit: ODE { t, y in problem.field(t, y) + y }, implicit: ODE { _, y in -y }),
      start: problem.start, end: problem.end, solution: problem.solution)
  }

  /// Both parts of logistic growth depend on time.
  static var nonAutonomous: OrderProblem<Self> {
    let problem = ODE<Tensor>.nonAutonomous
    return OrderProblem(
      field: Split(
        explicit: ODE { t, y in 3 * cos(t) * y }, implicit: ODE { t, y in -3 * cos(t) * y * y }),
      start: problem.start, end: problem.end, solution: problem.solution)
  }

  static func network(width: Int) -> Self {
    Split(
      explicit: .network(width: width),
      implicit: ODE(NetworkWeights.matrix(width, phase: 1)) { _, y, w in
        -matmul(w.transposed, tanh(matmul(w, y)))
      })
  }

  static func networkStart(width: Int) -> Tensor { NetworkWeights.input(width) }
}
