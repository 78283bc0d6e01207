import Synchronization
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// What the last integration of a flow took.
public struct FlowStatistics: Hashable, Sendable {
  /// The number of steps; where their size is controlled or there are events, of those that were
  /// taken.
  public internal(set) var steps = 0
  /// Evaluations of the dynamics, where these count them: closures do, forces but not velocities of
  /// separable ones.
  public internal(set) var evaluations = 0
  /// How many times something happened of what a flow looks for.
  public internal(set) var events = 0
  /// Steps of controlled size that were taken, of all samples together.
  public internal(set) var accepted = 0
  /// Steps of controlled size that were tried again shorter, of all samples together.
  public internal(set) var rejected = 0
  /// The size of the smallest step that was taken, without its sign; nil where steps are all equal.
  public internal(set) var smallestStep: Double?
  /// The size of the largest step that was taken, without its sign; nil where steps are all equal.
  public internal(set) var largestStep: Double?
  /// Iterations of Newton's method in implicit steps.
  public internal(set) var newtonIterations = 0
  /// Iterations of Krylov methods in implicit steps.
  public internal(set) var krylovIterations = 0
  /// Products of Jacobians with vectors in the implicit steps of a flow; those of its gradient are
  /// not counted.
  public internal(set) var jvps = 0
  /// Products of vectors with Jacobians in the implicit steps of a flow; those of its gradient are
  /// not counted.
  public internal(set) var vjps = 0
  /// The bytes of temporaries and stored states.
  public internal(set) var arenaBytes = 0
  /// The relative error of the initial state that the last gradient reconstructed, or the largest one
  /// where there were segments; nil where no gradient was computed by undoing steps.
  public internal(set) var reconstructionError: Double?
  /// What kept the steps of the last gradient within the stability region of an explicit method; nil
  /// where no gradient over steps of controlled size was computed.
  public internal(set) var stability: StabilityLimits?
  /// How the last gradient was computed, where that was left to ``AutomaticAdjoint``.
  public internal(set) var plan: AdjointPlan?
}

/// What kept steps of controlled size within a stability region while a gradient was computed.
public struct StabilityLimits: Hashable, Sendable {
  /// How many steps would have been longer.
  public let limitedSteps: Int
  /// The largest product of the size of a step and the spectral radius of the Jacobian, as it was
  /// estimated.
  public let largestReach: Double
  /// How many products of the Jacobian with a direction the estimate took.
  public let products: Int

  init(_ counts: StabilityCounts) {
    limitedSteps = counts.limited
    largestReach = counts.largestReach
    products = counts.products
  }
}

extension FlowStatistics {
  /// Notes what a run did.
  mutating func take(_ counts: RunCounts, of plan: Plan, steps: Int) {
    self.steps = steps + counts.accepted
    evaluations = plan.evaluations + counts.evaluations
    events = counts.events
    accepted = counts.accepted
    rejected = counts.rejected
    smallestStep = counts.accepted > 0 ? counts.smallestStep : nil
    largestStep = counts.accepted > 0 ? counts.largestStep : nil
    newtonIterations = counts.newtonIterations
    krylovIterations = counts.krylovIterations
    jvps = counts.jvps
    vjps = counts.vjps
    arenaBytes = plan.arenaBytes + counts.tapeBytes
  }
}

/// Receives the measurements of a flow, also from inside compiled functions.
package final class FlowRecorder: Sendable {
  private let state = Mutex(FlowStatistics())

  package init() {}

  package var statistics: FlowStatistics { state.withLock { $0 } }

  package func update(_ change: (inout FlowStatistics) -> Void) { state.withLock { change(&$0) } }
}

extension FlowContext {
  /// A comparison of the state before some steps as it was reconstructed with the real one, to which it
  /// must be equal in exact arithmetic; the segment of the last steps is the first to be undone.
  func certificate(bound: Double?, of segment: Range<Int>, isFirst: Bool) -> LoopCertificate {
    let (recorder, steps) = (recorder, steps)
    let stepSize = (end - start) / Double(Swift.max(steps, 1))
    let time = start + Double(segment.lowerBound) * stepSize
    return LoopCertificate(
      bound: isExact ? 0 : bound,
      report: BoundReport { error in
        recorder.update { statistics in
          // Written so that a NaN stays.
          let known = isFirst ? 0 : statistics.reconstructionError ?? 0
          statistics.reconstructionError = error <= known ? known : error
        }
      },
      error: { failure in
        IntegrationError(
          .reconstruction(error: failure.value, bound: failure.bound), time: time,
          step: segment.lowerBound, of: steps, stepSize: stepSize, norm: failure.norm)
      })
  }
}
