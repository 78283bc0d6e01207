import Synchronization
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// What the last integration of a flow took.
public struct FlowStatistics: Hashable, Sendable {
  /// The number of steps.
  public internal(set) var steps = 0
  /// Evaluations of the dynamics, where these count them: closures do, forces but not velocities of
  /// separable ones.
  public internal(set) var evaluations = 0
  /// The bytes of temporaries and stored states.
  public internal(set) var arenaBytes = 0
  /// The relative error of the initial state that the last gradient reconstructed; nil where no
  /// gradient was computed by undoing steps.
  public internal(set) var reconstructionError: Double?
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
