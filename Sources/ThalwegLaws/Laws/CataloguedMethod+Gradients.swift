import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension CataloguedMethod where Field: TestField {
  /// The gradients of all adjoints against one another and against differences.
  var gradientLaws: [Law] {
    let laws = [
      Law("gradient, differences", of: name) {
        Law.Figure(
          value: try differenceError(of: integrator), bound: 1e-10 * rounding.inWeights)
      },
      Law("gradient, ⟨w, Ju⟩ = ⟨Jᵀw, u⟩", of: name) {
        Law.Figure(
          value: try productError(of: integrator), bound: 1e-13 * rounding.inWeights)
      },
      Law("gradient, checkpointed", of: name) {
        let budgets = [0, 1, 3, gradientSteps]
        let errors = try budgets.map { try checkpointedError(of: integrator, budget: $0) }
        return Law.Figure(
          value: errors.reduce(0, maximumOrNaN), bound: 0, note: "bit for bit, budgets \(budgets)")
      },
    ]
    guard let reversible else { return laws }
    return laws + [
      Law("gradient, reversible", of: name) {
        Law.Figure(value: try reversibleError(of: reversible), bound: 1e-10)
      }
    ]
  }
}

private let gradientSteps = 10

private func directGradient<Method: Integrator>(
  of method: Method
) throws -> [Double] where Method.Field: TestField {
  try gradient(FlowProblem(steps: gradientSteps, using: method, adjoint: DirectAdjoint()))
}

private func gradient<Method: Integrator>(_ problem: FlowProblem<Method>) throws -> [Double] {
  try valueAndGradient(at: problem) { try $0.loss }.gradient.leaves.flatMap(\.values)
}

/// The largest difference from the direct gradient, relative to its largest number.
private func relativeError(_ gradient: [Double], _ direct: [Double]) -> Double {
  let difference = zip(gradient, direct).map { ($0 - $1).magnitude }.reduce(0, maximumOrNaN)
  return difference / direct.map(\.magnitude).reduce(0, Swift.max)
}

private func checkpointedError<Method: Integrator>(
  of method: Method, budget: Int
) throws -> Double where Method.Field: TestField {
  let adjoint = CheckpointedAdjoint<Method>(budget: budget)
  let problem = FlowProblem(steps: gradientSteps, using: method, adjoint: adjoint)
  return relativeError(try gradient(problem), try directGradient(of: method))
}

private func reversibleError<Method: ReversibleIntegrator>(
  of method: Method
) throws -> Double where Method.Field: TestField {
  let adjoint = ReversibleAdjoint<Method>()
  let problem = FlowProblem(steps: gradientSteps, using: method, adjoint: adjoint)
  return relativeError(try gradient(problem), try directGradient(of: method))
}

/// The derivative of the loss along a direction against a central difference of fourth order.
private func differenceError<Method: Integrator>(
  of method: Method
) throws -> Double where Method.Field: TestField {
  let problem = FlowProblem(steps: gradientSteps, using: method, adjoint: DirectAdjoint())
  let direction = problem.direction
  // Truncation, of the order of step⁴, is as small as rounding, 1e-16 / step.
  let step = 3e-4
  let losses = try [-2.0, -1, 1, 2].map { k in
    try problem.zipLeaves(direction) { $0 + k * step * $1 }.loss.scalar
  }
  let difference = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / (12 * step)
  let gradient = try valueAndGradient(at: problem) { try $0.loss }.gradient
  let slope = product(gradient.leaves, direction.leaves)
  return (slope - difference).magnitude / product(gradient.leaves, gradient.leaves).squareRoot()
}

/// How far the transposed Jacobian is from being the transpose of the Jacobian.
private func productError<Method: Integrator>(
  of method: Method
) throws -> Double where Method.Field: TestField {
  let problem = FlowProblem(steps: gradientSteps, using: method, adjoint: DirectAdjoint())
  let direction = problem.direction
  let (end, forward) = try jvp(at: problem, along: direction) { try $0.end }
  let weights = end.mapLeaves { sin(1.7 * $0 + 0.4) }
  let backward = try vjp(at: problem, from: weights) { try $0.end }.cotangent
  let (left, right) = (
    product(weights.leaves, forward.leaves), product(backward.leaves, direction.leaves)
  )
  return (left - right).magnitude / Swift.max(left.magnitude, right.magnitude)
}

private func product(_ a: [Tensor], _ b: [Tensor]) -> Double {
  zip(a.flatMap(\.values), b.flatMap(\.values)).map(*).reduce(0, +)
}
