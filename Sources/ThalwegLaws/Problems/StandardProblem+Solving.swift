public import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension StandardProblem {
  /// What a method made of a problem.
  public struct Solution: Sendable {
    /// The components at the end; of a method for y'' = f(t, y), the positions alone.
    public let values: [Double]
    /// The difference from the reference, component by component.
    public let errors: [Double]
    /// Times on the way, at which `path` gives the components.
    public let times: [Double]
    /// The components at these times.
    public let path: [[Double]]
    /// What the integration took.
    public let statistics: FlowStatistics

    /// The largest error of a component.
    public var largestError: Double { errors.map(\.magnitude).reduce(0, maximumOrNaN) }
  }

  /// A method that a problem cannot be solved with, or that does not exist.
  public struct UnknownMethod: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let name: String
    /// What there is.
    public let known: [String]

    public var description: String {
      "there is no integrator '\(name)' for this problem; known: \(known.joined(separator: ", "))"
    }
  }

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

  /// The solution by a method of the catalogue, one of ``methodNames``, with at least one step.
  ///
  /// With `points`, about that many states on the way are given too, at most one a step.
  ///
  /// - Cost: with points, memory of a state for each step.
  /// - Errors: ``UnknownMethod``, and ``IntegrationError`` where the state stops being finite.
  public func solution(
    by name: String, steps: Int, points: Int = 0
  ) throws -> Solution {
    switch equation {
    case .firstOrder(let field, let start):
      try solution(field, start, CataloguedMethod.firstOrder, name, steps, points)
    case .separable(let field, let start):
      try solution(
        field, start, CataloguedMethod.separable + CataloguedMethod.firstOrder, name, steps, points)
    case .fromRest(let field, let start):
      if CataloguedMethod<SecondOrderODE>.secondOrder.contains(where: { $0.name == name }) {
        try solution(field, start, CataloguedMethod.secondOrder, name, steps, points)
      } else {
        try solution(
          field.firstOrder, PhasePoint(q: start, p: .zeros(start.shape)),
          CataloguedMethod.separable + CataloguedMethod.firstOrder, name, steps, points)
      }
    }
  }

  private func solution<Field>(
    _ field: Field, _ start: Field.State, _ methods: [CataloguedMethod<Field>], _ name: String,
    _ steps: Int, _ points: Int
  ) throws -> Solution {
    guard let method = methods.first(where: { $0.name == name }) else {
      throw UnknownMethod(name: name, known: methodNames)
    }
    return try integrate(field, start, method.integrator, steps, points)
  }

  private func integrate<Method: Integrator>(
    _ field: Method.Field, _ start: Method.Field.State, _ method: Method, _ steps: Int,
    _ points: Int
  ) throws -> Solution {
    let flow = Flow(field, over: 0...end, steps: steps, using: method)
    let final = try flow(start)
    let statistics = flow.statistics
    let stride = Swift.max(1, (steps + points - 1) / Swift.max(points, 1))
    let times =
      points == 0
      ? []
      : Swift.stride(from: 0, through: steps, by: stride).map {
        Double($0) * flow.stepSize
      }
    let states = times.isEmpty ? [] : try flow.trajectory(from: start, at: times).states
    let values = final.leaves.flatMap(\.values)
    return Solution(
      values: values, errors: zip(values, solution).map { $0 - $1 }, times: times,
      path: states.map { $0.leaves.flatMap(\.values) }, statistics: statistics)
  }
}
