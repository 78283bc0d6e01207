import Foundation
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension CataloguedMethod where Field: TestField {
  /// Every adjoint that serves the method, with steps of one size and, where it estimates their
  /// errors, with those that a tolerance asks for.
  ///
  /// A law holds where ⟨w, Ju⟩ = ⟨Jᵀw, u⟩, and what the linear part of Taylor's formula leaves falls
  /// with the square of the distance. Both count in units of what is allowed.
  var pairLaws: [Law] {
    let precision = 1e-13 * rounding.inWeights
    var laws = StoredAdjoint.allCases.map { stored in
      Law("derivatives, \(stored)", of: name) {
        try derivativeFigure(of: integrator, stored, precision: precision)
      }
    }
    if let reversible {
      laws.append(
        Law("derivatives, reversible", of: name) {
          try reversibleDerivativeFigure(of: reversible)
        })
    }
    guard let embedded = integrator as? any EmbeddedIntegrator<Field> else { return laws }
    return laws
      + StoredAdjoint.allCases.map { stored in
        Law("derivatives, \(stored), controlled", of: name) {
          try controlledDerivativeFigure(of: embedded, stored, precision: 10 * precision)
        }
      }
  }
}

/// The adjoints that serve every method with the gradient of its steps.
private enum StoredAdjoint: String, CaseIterable, CustomStringConvertible {
  case direct, checkpointed

  var description: String { rawValue }

  func adjoint<Method: Integrator>() -> any Adjoint<Method> {
    switch self {
    case .direct: DirectAdjoint<Method>()
    case .checkpointed: CheckpointedAdjoint<Method>(budget: 3)
    }
  }
}

private let pairSteps = 8

private func derivativeFigure<Method: Integrator>(
  of method: Method, _ stored: StoredAdjoint, precision: Double
) throws -> Law.Figure where Method.Field: TestField {
  func problem(_ adjoint: some Adjoint<Method>) -> FlowProblem<Method> {
    FlowProblem(steps: pairSteps, using: method, adjoint: adjoint)
  }
  let problem = problem(stored.adjoint())
  return try problem.derivativeFigure(precision: precision) { try $0.end }
}

/// Undoing steps gives the states back up to rounding, which the dynamics may amplify.
private func reversibleDerivativeFigure<Method: ReversibleIntegrator>(
  of method: Method
) throws -> Law.Figure where Method.Field: TestField {
  let problem = FlowProblem(steps: pairSteps, using: method, adjoint: ReversibleAdjoint())
  return try problem.derivativeFigure(precision: 1e-10) { try $0.end }
}

/// The derivatives of the steps that were taken, against values at the ends of the same steps.
private func controlledDerivativeFigure<Method: EmbeddedIntegrator>(
  of method: Method, _ stored: StoredAdjoint, precision: Double
) throws -> Law.Figure where Method.Field: TestField {
  func flow(
    _ adjoint: some Adjoint<Method>, _ tolerance: Tolerance, _ control: StepControl
  ) -> Flow<Method> {
    Flow(
      .network(width: 4), over: 0...3, tolerance: tolerance, using: method, adjoint: adjoint,
      control: control)
  }
  let start = Method.Field.networkStart(width: 4)
  let free = flow(stored.adjoint(), .relative(1e-6, absolute: 1e-6), StepControl())
  let grid = try free.trajectory(from: start).times
  // Whatever the error, such steps end at the next time that is given.
  let frozen = flow(
    stored.adjoint(), .absolute(1e30), StepControl(firstStep: 3, stepTo: grid))
  let figure = try FlowProblem(free, from: start).derivativeFigure(precision: precision) {
    problem in
    try frozen.replacingLeaves(with: problem.flow.leaves)(problem.start)
  }
  let taken = frozen.statistics.accepted
  return Law.Figure(
    value: taken == grid.count - 1 ? figure.value : .infinity, bound: figure.bound,
    note: "\(figure.note), \(taken) steps")
}

extension FlowProblem {
  /// ⟨w, Ju⟩ and ⟨Jᵀw, u⟩ of a function, where w follows from its value.
  func products(
    of function: (Self) throws -> Method.Field.State
  ) throws -> (weights: [Tensor], forward: Double, backward: Double) {
    let (end, rate) = try jvp(at: self, along: direction) { try function($0) }
    let weights = end.leaves.map { sin(1.7 * $0 + 0.4) }
    let pulled = try valueAndGradient(at: self) { problem in
      zip(weights, try function(problem).leaves).map { sum($0 * $1) }.reduce(Tensor(0.0), +)
    }.gradient
    return (weights, inner(weights, rate.leaves), inner(pulled.leaves, direction.leaves))
  }

  /// The derivatives of the end of a flow, against values by the same or another one.
  fileprivate func derivativeFigure(
    precision: Double, _ values: (Self) throws -> Method.Field.State
  ) throws -> Law.Figure {
    let pair = try products(of: { try $0.end })
    let mismatch =
      (pair.forward - pair.backward).magnitude
      / Swift.max(pair.forward.magnitude, pair.backward.magnitude)
    let base = try values(self)
    // Far enough from the point that rounding does not show, and near enough that cubes do not.
    let remainders = try [0x1p-13, 0x1p-15].map { distance in
      let shifted = try values(zipLeaves(direction) { $0 + distance * $1 })
      let change = zip(shifted.leaves, base.leaves).map { $0 - $1 }
      return (inner(pair.weights, change) - distance * pair.backward).magnitude
    }
    let power = Foundation.log2(remainders[0] / remainders[1]) / 2
    return Law.Figure(
      value: maximumOrNaN(mismatch / precision, (power - 2).magnitude / 0.05), bound: 1,
      note: "products differ by \(Float(mismatch)), remainder of power "
        + power.formatted(decimals: 3))
  }
}

private func inner(_ a: [Tensor], _ b: [Tensor]) -> Double {
  zip(a.flatMap(\.values), b.flatMap(\.values)).map(*).reduce(0, +)
}
