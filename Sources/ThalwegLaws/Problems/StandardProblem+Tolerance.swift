import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension StandardProblem {
  /// The methods that apply to the problem and estimate the error of a step, explicit ones first.
  public var adaptiveMethodNames: [String] { Self.adaptiveMethodNames }

  // The same ones apply to every kind of equation, as one of first order.
  private static let adaptiveMethodNames = CataloguedMethod<ODE<Tensor>>.firstOrder
    .filter { $0.integrator is any EmbeddedIntegrator<ODE<Tensor>> }.map(\.name)

  /// The method to begin with where steps follow from a tolerance.
  public var adaptiveMethod: String { isStiff ? "radau5" : "tsitouras5" }

  /// Tight tolerances take many steps; without any bound, explicit methods would not come to the
  /// end of stiff problems in hours.
  private static let mostSteps = 2_000_000

  /// The problem with a method of ``adaptiveMethodNames`` and a tolerance.
  func solver(
    by name: String, relative: Double, absolute: Double?
  ) throws -> Solver {
    guard methodNames.contains(name) else {
      throw UnknownMethod(name: name, known: methodNames)
    }
    guard adaptiveMethodNames.contains(name) else {
      throw NoErrorEstimate(name: name, known: adaptiveMethodNames)
    }
    let absolute = absolute ?? relative * magnitude
    switch equation {
    case .firstOrder(let field, let start):
      return solver(field, start, name, relative, absolute)
    case .separable(let field, let start):
      return solver(field, start, name, relative, absolute)
    case .fromRest(let field, let start):
      let start = PhasePoint(q: start, p: .zeros(start.shape))
      return solver(field.firstOrder, start, name, relative, absolute)
    }
  }

  private func solver<Field: Dynamics>(
    _ field: Field, _ start: Field.State, _ name: String, _ relative: Double, _ absolute: Double
  ) -> Solver {
    let tolerance = Tolerance.relative(relative, absolute: absolute)
    // What equations leave of an error must not show beside that of the step.
    let newton = NewtonKrylov(
      tolerance: 1e-3 * relative, absoluteTolerance: 1e-3 * absolute, derivativeTolerance: 1e-12)
    if let tableau = DiagonallyImplicitTableau.all.first(where: { $0.name == name }) {
      return solver(
        field, start, DiagonallyImplicitRungeKutta(tableau, solver: newton), tolerance)
    }
    let method = CataloguedMethod<Field>.firstOrder.first { $0.name == name }?.integrator
    guard !(method is RadauIIA5<Field>), let pair = method as? any EmbeddedIntegrator<Field> else {
      return solver(field, start, RadauIIA5(solver: newton), tolerance)
    }
    return solver(field, start, pair, tolerance)
  }

  private func solver<Method: EmbeddedIntegrator>(
    _ field: Method.Field, _ start: Method.Field.State, _ method: Method, _ tolerance: Tolerance
  ) -> Solver {
    let flow = Flow(
      field, over: 0...end, tolerance: tolerance, using: method,
      control: StepControl(maximumSteps: Self.mostSteps))
    return Solver { points in
      let final = try flow(start)
      let statistics = flow.statistics
      let times =
        points == 0 ? [] : (0...points).map { end * Double($0) / Double(points) }
      let states = times.isEmpty ? [] : try flow.trajectory(from: start, at: times).states
      return Solution(
        of: self, values: final.leaves.flatMap(\.values), times: times,
        path: states.map { $0.leaves.flatMap(\.values) }, statistics: statistics)
    }
  }
}
