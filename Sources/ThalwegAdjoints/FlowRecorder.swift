import Synchronization
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// What the last integration of a flow took.
public struct FlowStatistics: Hashable, Sendable {
  /// The number of steps; where their size is controlled, of those that were taken.
  public internal(set) var steps = 0
  /// Evaluations of the dynamics, where these count them: closures do, forces but not velocities of
  /// separable ones.
  public internal(set) var evaluations = 0
  /// Steps of controlled size that were taken, and those that were tried again shorter, of all
  /// samples together.
  public internal(set) var accepted = 0
  public internal(set) var rejected = 0
  /// The sizes of the steps that were taken, without their signs; nil where steps are all equal.
  public internal(set) var smallestStep: Double?
  public internal(set) var largestStep: Double?
  /// Iterations of Newton's method and of Krylov methods in implicit steps.
  public internal(set) var newtonIterations = 0
  public internal(set) var krylovIterations = 0
  /// Products of Jacobians with vectors, and of vectors with Jacobians, in implicit steps.
  public internal(set) var jvps = 0
  public internal(set) var vjps = 0
  /// The bytes of temporaries and stored states.
  public internal(set) var arenaBytes = 0
  /// The relative error of the initial state that the last gradient reconstructed; nil where no
  /// gradient was computed by undoing steps.
  public internal(set) var reconstructionError: Double?
}

extension FlowStatistics {
  /// Notes what a run did.
  mutating func take(_ counts: RunCounts, of plan: Plan, steps: Int) {
    self.steps = steps + counts.accepted
    evaluations = plan.evaluations + counts.evaluations
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
  /// A comparison of the reconstructed initial state with the real one.
  func certificate(bound: Double?) -> LoopCertificate {
    let (recorder, start, end, steps) = (recorder, start, end, steps)
    return LoopCertificate(
      bound: bound,
      report: BoundReport { error in recorder.update { $0.reconstructionError = error } },
      error: { failure in
        IntegrationError(
          .reconstruction(error: failure.value, bound: failure.bound), time: start, step: 0,
          of: steps, stepSize: (end - start) / Double(Swift.max(steps, 1)), norm: failure.norm)
      })
  }
}
