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
/// With a tolerance in place of a number, steps are as long as their errors allow:
///
///     let controlled = Flow(
///       dynamics, over: 0...1, tolerance: .relative(1e-6, absolute: 1e-8),
///       using: EmbeddedRungeKutta(.tsitouras5))
///
/// A flow is a tree whose leaves are the parameters of its dynamics; its gradient is a flow.
/// Inside a function that is traced it is one operation, whose derivative is its adjoint.
///
/// - Cost: the first call for a shape of state compiles a step, in milliseconds; later ones only
///   run it. A step allocates nothing.
/// - Shapes: the state keeps its shape.
/// - Errors: ``IntegrationError`` where the state is not or stops being finite, where the equations of a step
///   cannot be solved, and where no step is short enough for a tolerance.
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
  /// The number of steps; 0 where their size is controlled.
  public let steps: Int
  /// What may happen on the way, and whether it ends the flow or changes the state.
  public private(set) var events: [Event<State>]
  /// How many times something may happen in a flow that goes on afterwards.
  public let maximumEvents: Int
  /// How the sizes of steps are controlled; nil where all are equal.
  let adaptation: StepAdaptation<Method>?
  /// The method.
  public let method: Method
  /// How gradients are computed.
  public let adjoint: any Adjoint<Method>
  let recorder = FlowRecorder()
  private let token = StructureToken()
  let plans = PlanCache<State>()
  let trajectoryPlans = PlanCache<[State]>()
  let landingPlans = PlanCache<Landing<State>>()
  let gridPlans = PlanCache<[Tensor]>()

  public static var branches: Branches<Flow<Method>> { Branches(\.stages, \.events) }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(by: token)
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates the flow of one field.
  ///
  /// Without steps a flow is the identity, as a network without layers is.
  ///
  /// - Errors: traps where the number of steps is negative.
  public init(
    _ dynamics: Method.Field, from start: Double, to end: Double, steps: Int, using method: Method,
    adjoint: some Adjoint<Method>
  ) {
    self.init([dynamics], (start, end), steps: steps, method, adjoint)
  }

  init(
    _ stages: [Method.Field], isStaged: Bool = false, _ span: (start: Double, end: Double),
    steps: Int, _ method: Method, _ adjoint: some Adjoint<Method>,
    _ adaptation: StepAdaptation<Method>? = nil, events: [Event<State>] = [],
    maximumEvents: Int = 0
  ) {
    (start, end) = span
    require(steps >= 0, "flow: steps must be at least 0, not \(steps)")
    require(start.isFinite && end.isFinite, "flow: from \(start) to \(end) is no span of time")
    self.stages = stages
    self.isStaged = isStaged
    self.steps = steps
    self.adaptation = adaptation
    self.events = events
    self.maximumEvents = maximumEvents
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
    self.init(staged: stages, over: span, using: method, adjoint)
  }

  init(
    staged stages: [Method.Field], over span: ClosedRange<Double>, using method: Method,
    _ adjoint: some Adjoint<Method>
  ) {
    require(!stages.isEmpty, "flow: no stages")
    let types = stages.map { $0.leaves.map(\.type) }
    for (index, type) in types.enumerated() where type != types[0] {
      fatalError("flow: stage \(index) has parameters \(type), stage 0 has \(types[0])")
    }
    self.init(
      stages, isStaged: true, (span.lowerBound, span.upperBound), steps: stages.count, method,
      adjoint)
  }

  /// The field, or that of the first step.
  public var dynamics: Method.Field { stages[0] }

  /// The size of a step; 0 where it is controlled.
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
    try run(y, plans) { flow, y, _ in flow.recorded(from: y) }
  }

  /// Runs a traced function of the flow, a state and other tensors, or records it where the flow or
  /// the state is traced.
  func run<Output: TensorTree>(
    _ y: State, _ cache: PlanCache<Output>, constants: [Double] = [], with others: [Tensor] = [],
    _ function: (Self, State, [Tensor]) -> Output
  ) throws(IntegrationError) -> Output {
    let own = settled(y.leaves + self.leaves)
    let stateCount = y.leaves.count
    func traced(_ leaves: [Tensor]) -> Output {
      function(
        replacingLeaves(with: Array(leaves[stateCount..<own.count])),
        y.replacingLeaves(with: Array(leaves.prefix(stateCount))),
        Array(leaves.dropFirst(own.count)))
    }
    let leaves = own + others
    if own.contains(where: \.isSymbolic) { return traced(leaves) }
    do {
      let entry = try cache.entry(for: leaves, constants: constants, tracing: traced)
      var counts = RunCounts()
      defer {
        let steps = events.isEmpty ? steps : 0
        recorder.update { $0.take(counts, of: entry.plan, steps: steps) }
      }
      let results = try entry.plan.run(leaves, counting: &counts)
      return entry.output.replacingLeaves(with: results)
    } catch let error as IntegrationError {
      throw cause(of: error, y)
    } catch let error as RootError {
      throw cause(of: beginningError(error, y), y)
    } catch {
      fatalError("flow: \(error)")
    }
  }
}
