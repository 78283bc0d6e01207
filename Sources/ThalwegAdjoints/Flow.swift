public import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
public import ThalwegTensors

/// Dynamics integrated over a span of time by a method: a network whose depth is time.
///
///     let flow = Flow(dynamics, over: 0...1, steps: 20, using: Verlet(), adjoint: ReversibleAdjoint())
///     let end = try flow(start)
///
/// Swapping the method is swapping one word. With a field for each step a flow is a residual
/// network, whose layers share one compiled step:
///
///     let network = Flow(stages: layers, over: 0...3, using: Verlet(), adjoint: ReversibleAdjoint())
///
/// A flow is a tree whose leaves are the parameters of its dynamics; its gradient is a flow.
/// Inside a function that is traced it is one operation, whose derivative is its adjoint.
///
/// - Cost: the first call for a shape of state compiles a step, in milliseconds; later ones only
///   run it. A step allocates nothing.
/// - Shapes: the state keeps its shape.
/// - Errors: ``IntegrationError`` where the state stops being finite.
public struct Flow<Method: Integrator>: TensorTree {
  /// What evolves.
  public typealias State = Method.Field.State

  /// One field for all steps, or one for each.
  public private(set) var stages: [Method.Field]
  /// Whether each step has a field of its own.
  public let isStaged: Bool
  /// The time at which integration begins.
  public let start: Double
  /// The time at which it ends, which may lie before the start.
  public let end: Double
  /// The number of steps.
  public let steps: Int
  /// The method.
  public let method: Method
  /// How gradients are computed.
  public let adjoint: any Adjoint<Method>
  let recorder = FlowRecorder()
  private let token = StructureToken()
  let plans = PlanCache<State>()
  let trajectoryPlans = PlanCache<[State]>()

  public static var branches: Branches<Flow<Method>> { Branches(\.stages) }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(by: token)
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates the flow of one field.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, steps: Int, using method: Method,
    adjoint: some Adjoint<Method>
  ) {
    require(steps >= 0, "flow: \(steps) steps are fewer than none")
    require(start.isFinite && end.isFinite, "flow: from \(start) to \(end) is no span of time")
    stages = [dynamics]
    isStaged = false
    self.start = start
    self.end = end
    self.steps = steps
    self.method = method
    self.adjoint = adjoint
  }

  /// Creates the flow of one field over a span.
  public init(
    _ dynamics: Method.Field, over span: ClosedRange<Double>, steps: Int, using method: Method,
    adjoint: some Adjoint<Method>
  ) {
    self.init(
      dynamics, from: span.lowerBound, to: span.upperBound, steps: steps, using: method,
      adjoint: adjoint)
  }

  /// Creates the flow of a field for each step.
  ///
  /// - Errors: traps where there is no field, or where fields differ in structure.
  public init(
    stages: [Method.Field], over span: ClosedRange<Double>, using method: Method,
    adjoint: some Adjoint<Method>
  ) {
    require(!stages.isEmpty, "flow: no stages")
    let types = stages.map { $0.leaves.map(\.type) }
    for (index, type) in types.enumerated() where type != types[0] {
      fatalError("flow: stage \(index) has parameters \(type), stage 0 has \(types[0])")
    }
    self.stages = stages
    isStaged = true
    start = span.lowerBound
    end = span.upperBound
    steps = stages.count
    self.method = method
    self.adjoint = adjoint
  }

  /// The field, or that of the first step.
  public var dynamics: Method.Field { stages[0] }

  /// The size of a step.
  public var stepSize: Double { steps == 0 ? 0 : (end - start) / Double(steps) }

  /// What the last integration took.
  ///
  /// Steps, evaluations and bytes are those of the last call that computed at once. Where the flow is
  /// part of a compiled function they are in ``CompiledFunction/plan(for:)``.
  public var statistics: FlowStatistics { recorder.statistics }

  /// The state at the end.
  ///
  /// - Errors: ``IntegrationError`` with time, step, norm, reason and advice.
  public func callAsFunction(_ y: State) throws(IntegrationError) -> State {
    try run(y, plans) { flow, y in
      flow.record(from: y, keepsStates: false).final
    }
  }

  /// Runs a traced function of the flow and a state, or records it where either is traced.
  func run<Output: TensorTree>(
    _ y: State, _ cache: PlanCache<Output>, constants: [Double] = [],
    _ function: (Self, State) -> Output
  ) throws(IntegrationError) -> Output {
    let leaves = settled(y.leaves + self.leaves)
    let stateCount = y.leaves.count
    func traced(_ leaves: [Tensor]) -> Output {
      function(
        replacingLeaves(with: Array(leaves.dropFirst(stateCount))),
        y.replacingLeaves(with: Array(leaves.prefix(stateCount))))
    }
    if leaves.contains(where: \.isSymbolic) { return traced(leaves) }
    do {
      let entry = try cache.entry(for: leaves, constants: constants, tracing: traced)
      let results = try entry.plan.run(leaves)
      recorder.update { statistics in
        statistics.steps = steps
        statistics.evaluations = entry.plan.evaluations
        statistics.arenaBytes = entry.plan.arenaBytes
      }
      return entry.output.replacingLeaves(with: results)
    } catch let error as IntegrationError {
      throw error
    } catch {
      fatalError("flow: \(error)")
    }
  }
}
