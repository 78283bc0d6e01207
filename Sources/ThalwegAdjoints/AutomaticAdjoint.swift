import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// The gradient in whatever way fits: the adjoint of flows for which none is named.
///
///     let flow = Flow(ring, over: 0...100, steps: 100_000, using: Verlet())
///     let small = Flow(
///       ring, over: 0...100, steps: 100_000, using: Verlet(), adjoint: .automatic(budget: 1 << 20))
///     print(small.plan(from: y0).explanation)
///
/// Every state is stored, as by ``DirectAdjoint``, while there is room for them. Otherwise steps are
/// undone, as by ``ReversibleAdjoint``, where the method can do so and the dynamics lose no information:
/// with ``SeparableDynamics``, equations of second order, and in exact ``Arithmetic``. All others are differentiated from
/// checkpoints. That is decided by sizes and kinds alone when a flow is traced, since there is no state
/// yet; it does not depend on anything that happened before.
///
/// ``Flow/plan(from:)`` decides for a state, by what undoing a step from there does to errors, and
/// ``Flow/following(_:)`` holds to it. Then all methods that can undo steps may do so, in segments that are
/// as long as the growth of errors allows.
///
/// - Cost: that of the adjoint that is chosen; ``FlowStatistics/plan`` says which.
/// - Errors: ``IntegrationError`` with the reason `reconstruction` where undone steps do not lead to a
///   state that is stored.
/// - Source: A. Griewank, A. Walther, "Algorithm 799: Revolve", ACM Trans. Math. Softw. 26 (2000),
///   doi:10.1145/347837.347846, for checkpoints; B. Chang et al., "Reversible Architectures for
///   Arbitrarily Deep Residual Neural Networks", AAAI 2018, arXiv:1709.03698, for undone steps.
public struct AutomaticAdjoint<Method: Integrator>: Adjoint {
  /// The bytes of states that may be stored.
  public let budget: Int
  /// What the relative error of the gradient must stay below where steps are undone, or nil for the
  /// square root of the precision.
  public let bound: Double?
  /// What was decided for a state; nil where it is decided when the flow is traced.
  public let plan: AdjointPlan?

  /// The adjoint with a budget of 256 MiB.
  public static var automatic: Self { Self() }

  /// The adjoint with a budget in bytes.
  public static func automatic(budget: Int, bound: Double? = nil) -> Self {
    Self(budget: budget, bound: bound)
  }

  /// Creates the adjoint.
  ///
  /// - Errors: traps where the budget is negative.
  public init(budget: Int = 1 << 28, bound: Double? = nil) {
    self.init(budget: budget, bound: bound, plan: nil)
  }

  init(budget: Int, bound: Double?, plan: AdjointPlan?) {
    require(budget >= 0, "automatic adjoint: budget \(budget) is negative")
    self.budget = budget
    self.bound = bound
    self.plan = plan
  }

  public func strategy(for context: FlowContext) -> AdjointStrategy<Method> {
    let planner = AdjointPlanner<Method>(
      self, steps: context.steps, context.carriedBytes, dtype: context.dtype,
      isExact: context.isExact)
    let plan = plan ?? planner.structural()
    if context.carriedBytes > 0 { context.recorder.update { $0.plan = plan } }
    if context.steps == 0 {
      return AdjointStrategy(DirectLoopAdjoint.shared, recording: planner.recording)
    }
    return switch plan.choice {
    case .direct: DirectAdjoint().strategy(for: context)
    case .checkpointed(let budget): CheckpointedAdjoint(budget: budget).strategy(for: context)
    case .reversible(let segments):
      Self.reversible(bound: planner.stateBound, segments)?.strategy(for: context)
        ?? DirectAdjoint().strategy(for: context)
    }
  }

  /// The adjoint that undoes steps; nil where the method cannot.
  private static func reversible(bound: Double, _ segments: Int) -> (any Adjoint<Method>)? {
    func adjoint<Reversible: ReversibleIntegrator>(_ type: Reversible.Type) -> any Sendable {
      ReversibleAdjoint<Reversible>(bound: bound, segments: segments)
    }
    guard let type = Method.self as? any ReversibleIntegrator.Type else { return nil }
    return adjoint(type) as? any Adjoint<Method>
  }
}
