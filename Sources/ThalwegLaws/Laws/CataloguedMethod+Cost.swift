import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension CataloguedMethod where Field: TestField {
  /// What flows and their gradients evaluate and store, against theory.
  var costLaws: [Law] { (evaluations.map(evaluationLaws) ?? []) + memoryLaws }

  private func evaluationLaws(_ claim: Evaluations) -> [Law] {
    let laws = [
      Law("evaluations", of: name) { try evaluationFigure(of: integrator, claim) },
      Law("evaluations, direct gradient", of: name) {
        try directEvaluationFigure(of: integrator, claim)
      },
    ]
    guard let reversible else { return laws }
    return laws + [
      Law("evaluations, reversible gradient", of: name) {
        try reversibleEvaluationFigure(of: reversible, claim)
      }
    ]
  }

  private var memoryLaws: [Law] {
    let laws = [
      Law("memory, direct", of: name) { try directMemoryFigure(of: integrator) },
      Law("memory, checkpointed", of: name) { try checkpointedMemoryFigure(of: integrator) },
    ]
    guard let reversible else { return laws }
    return laws + [
      Law("memory, reversible", of: name) { try reversibleMemoryFigure(of: reversible) }
    ]
  }
}

// MARK: - Evaluations

private let costSteps = 7

private func evaluationFigure<Method: Integrator>(
  of method: Method, _ claim: CataloguedMethod<Method.Field>.Evaluations
) throws -> Law.Figure where Method.Field: TestField {
  let problem = FlowProblem(steps: costSteps, using: method, adjoint: DirectAdjoint())
  _ = try problem.end
  let counted = problem.flow.statistics.evaluations
  return figure(counted, claim.toStart + costSteps * claim.perStep, claim)
}

/// Each evaluation is repeated once on the way back, for the derivative of its `tanh`.
private func directEvaluationFigure<Method: Integrator>(
  of method: Method, _ claim: CataloguedMethod<Method.Field>.Evaluations
) throws -> Law.Figure where Method.Field: TestField {
  let problem = FlowProblem(steps: costSteps, using: method, adjoint: DirectAdjoint())
  let counted = layers(in: try problem.gradientPlan())
  return figure(counted, claim.toStart + 2 * claim.perStep, claim)
}

/// Undoing a step and pulling back through it share their evaluations.
private func reversibleEvaluationFigure<Method: ReversibleIntegrator>(
  of method: Method, _ claim: CataloguedMethod<Method.Field>.Evaluations
) throws -> Law.Figure where Method.Field: TestField {
  let problem = FlowProblem(steps: costSteps, using: method, adjoint: ReversibleAdjoint())
  let plan = try problem.gradientPlan()
  let evaluations = claim.toStart + 2 * costSteps * claim.perStep
  guard plan.evaluations == evaluations else {
    return figure(plan.evaluations, evaluations, claim)
  }
  return figure(layers(in: plan), claim.toStart + 2 * claim.perStep, claim)
}

/// The calls of a plan that compute a `tanh`; the bodies of loops are listed once.
private func layers(in plan: Plan) -> Int { plan.description.split(separator: "tanh").count - 1 }

private func figure<Field>(
  _ counted: Int, _ expected: Int, _ claim: CataloguedMethod<Field>.Evaluations
) -> Law.Figure {
  Law.Figure(
    value: Double((counted - expected).magnitude), bound: 0, note: "\(counted) of \(expected)")
}

// MARK: - Memory

/// Wide enough that the alignment of buffers does not show.
private let memoryWidth = 64

private func memory<Method: Integrator>(
  of method: Method, steps: Int, adjoint: some Adjoint<Method>
) throws -> Int where Method.Field: TestField {
  let problem = FlowProblem(width: memoryWidth, steps: steps, using: method, adjoint: adjoint)
  return try problem.gradientPlan().arenaBytes
}

/// The bytes that a method carries from step to step.
private func carriedBytes<Method: Integrator>(
  of method: Method
) -> Int where Method.Field: TestField {
  let carry = method.start(
    .network(width: memoryWidth), at: 0, from: Method.Field.networkStart(width: memoryWidth),
    by: 0.1)
  return carry.leaves.reduce(0) { $0 + $1.type.bytes }
}

/// A direct gradient stores what is carried into every step, and nothing else that grows.
private func directMemoryFigure<Method: Integrator>(
  of method: Method
) throws -> Law.Figure where Method.Field: TestField {
  let bytes = try [100, 1_000].map { steps in
    try memory(of: method, steps: steps, adjoint: DirectAdjoint())
  }
  let perStep = Double(bytes[1] - bytes[0]) / 900 / Double(carriedBytes(of: method))
  return Law.Figure(
    value: (perStep - 1).magnitude, bound: 0.05,
    note: "\(perStep.formatted(decimals: 3)) carried states a step")
}

/// A checkpointed one stores as many as its budget says, however many steps there are.
private func checkpointedMemoryFigure<Method: Integrator>(
  of method: Method
) throws -> Law.Figure where Method.Field: TestField {
  let bytes = try [(100, 10), (1_000, 10), (1_000, 20)].map { steps, budget in
    try memory(of: method, steps: steps, adjoint: CheckpointedAdjoint(budget: budget))
  }
  let growth = Double(bytes[1]) / Double(bytes[0])
  let perState = Double(bytes[2] - bytes[1]) / 10 / Double(carriedBytes(of: method))
  return Law.Figure(
    value: Swift.max(growth - 1, (perState - 1).magnitude), bound: 0.05,
    note: "\(growth.formatted(decimals: 3)) from 100 to 1000 steps")
}

/// A reversible one stores the same for any number of steps.
private func reversibleMemoryFigure<Method: ReversibleIntegrator>(
  of method: Method
) throws -> Law.Figure where Method.Field: TestField {
  let bytes = try [10, 1_000].map { steps in
    try memory(of: method, steps: steps, adjoint: ReversibleAdjoint())
  }
  let growth = Double(bytes[1]) / Double(bytes[0])
  return Law.Figure(
    value: growth - 1, bound: 0.05,
    note: "\(growth.formatted(decimals: 3)) from 10 to 1000 steps, \(bytes[1]) bytes")
}
