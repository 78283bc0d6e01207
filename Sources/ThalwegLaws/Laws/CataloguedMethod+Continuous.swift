import Foundation
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension CataloguedMethod where Field: TestField & Dynamics {
  /// The gradient of the differential equation, which is that of the steps up to their error.
  var continuousLaw: Law {
    Law("derivatives, continuous", of: name) {
      let errors = try [40, 80].map { try continuousError(of: integrator, steps: $0) }
      let power = Foundation.log2(errors[0] / errors[1])
      // Errors as small as those of the way back have no power of their own.
      let shortfall = errors[1] < 1e-9 ? 0 : Double(integrator.order) - power
      return Law.Figure(
        value: maximumOrNaN(0, shortfall), bound: 0.3,
        note: "differs by \(Float(errors[1])), with power \(power.formatted(decimals: 2))")
    }
  }
}

/// How far the pullback is from being the transpose of the derivative of the steps.
private func continuousError<Method: Integrator>(
  of method: Method, steps: Int
) throws -> Double where Method.Field: TestField & Dynamics {
  typealias Backward = EmbeddedRungeKutta<AdjointEquation<Method.Field>>
  let adjoint = ContinuousAdjoint<Method, Backward>(
    using: EmbeddedRungeKutta(.dormandPrince8), steps: 60)
  let problem = FlowProblem(steps: steps, using: method, adjoint: adjoint)
  let pair = try problem.products(of: { try $0.end })
  return (pair.forward - pair.backward).magnitude / pair.forward.magnitude
}
