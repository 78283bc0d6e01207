import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension StandardProblem {
  /// The methods that apply to the problem; the first is the one to begin with.
  public var methodNames: [String] {
    switch equation {
    case .firstOrder:
      let names = CataloguedMethod<ODE<Tensor>>.firstOrder.map(\.name)
      return ["rk4"] + names.filter { $0 != "rk4" }
    case .separable: return ["verlet"] + Self.names(of: SeparableODE.self)
    case .fromRest:
      return ["verlet"] + Self.names(of: FirstOrderSystem<SecondOrderODE>.self)
        + CataloguedMethod<SecondOrderODE>.secondOrder.map(\.name)
    }
  }

  private static func names<Field: SeparableDynamics>(of field: Field.Type) -> [String] {
    let methods = CataloguedMethod<Field>.separable + CataloguedMethod<Field>.firstOrder
    return methods.map(\.name).filter { $0 != "verlet" }
  }

  /// The problem with a method of the catalogue, one of ``methodNames``, and its steps.
  ///
  /// - Errors: ``UnknownMethod``, and ``NoErrorEstimate`` where a tolerance is given to a method that
  ///   is none of ``adaptiveMethodNames``.
  public func solver(by name: String, _ stepping: Stepping) throws -> Solver {
    switch stepping {
    case .steps(let steps): try solver(by: name, steps: steps)
    case .tolerance(let relative, let absolute):
      try solver(by: name, relative: relative, absolute: absolute)
    }
  }

  private func solver(by name: String, steps: Int) throws -> Solver {
    switch equation {
    case .firstOrder(let field, let start):
      try solver(field, start, CataloguedMethod.firstOrder, name, steps)
    case .separable(let field, let start):
      try solver(
        field, start, CataloguedMethod.separable + CataloguedMethod.firstOrder, name, steps)
    case .fromRest(let field, let start):
      if CataloguedMethod<SecondOrderODE>.secondOrder.contains(where: { $0.name == name }) {
        try solver(field, start, CataloguedMethod.secondOrder, name, steps)
      } else {
        try solver(
          field.firstOrder, PhasePoint(q: start, p: .zeros(start.shape)),
          CataloguedMethod.separable + CataloguedMethod.firstOrder, name, steps)
      }
    }
  }

  /// The solution by a method of the catalogue, one of ``methodNames``, with at least one step.
  ///
  /// With `points`, about that many states on the way are given too, at most one a step.
  ///
  /// - Cost: with points, memory of a state for each step.
  /// - Errors: ``UnknownMethod``, and ``IntegrationError`` where the state stops being finite.
  public func solution(by name: String, steps: Int, points: Int = 0) throws -> Solution {
    try solver(by: name, .steps(steps)).solve(points: points)
  }

  /// The solution by a method of ``adaptiveMethodNames``, to a tolerance.
  ///
  /// - Errors: ``UnknownMethod``, ``NoErrorEstimate`` and ``IntegrationError``.
  public func solution(
    by name: String, tolerance: Double, absolute: Double? = nil, points: Int = 0
  ) throws -> Solution {
    try solver(by: name, .tolerance(relative: tolerance, absolute: absolute)).solve(points: points)
  }

  private func solver<Field>(
    _ field: Field, _ start: Field.State, _ methods: [CataloguedMethod<Field>], _ name: String,
    _ steps: Int
  ) throws -> Solver {
    guard let method = methods.first(where: { $0.name == name }) else {
      throw UnknownMethod(name: name, known: methodNames)
    }
    return solver(field, start, method.integrator, steps)
  }

  private func solver<Method: Integrator>(
    _ field: Method.Field, _ start: Method.Field.State, _ method: Method, _ steps: Int
  ) -> Solver {
    let flow = Flow(field, over: 0...end, steps: steps, using: method)
    return Solver { points in
      let final = try flow(start)
      let statistics = flow.statistics
      let stride = Swift.max(1, (steps + points - 1) / Swift.max(points, 1))
      let times =
        points == 0
        ? []
        : Swift.stride(from: 0, through: steps, by: stride).map { Double($0) * flow.stepSize }
      let states = times.isEmpty ? [] : try flow.trajectory(from: start, at: times).states
      return Solution(
        of: self, values: final.leaves.flatMap(\.values), times: times,
        path: states.map { $0.leaves.flatMap(\.values) }, statistics: statistics)
    }
  }
}
