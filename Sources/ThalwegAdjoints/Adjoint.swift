public import ThalwegIntegrators
package import ThalwegKernels
package import ThalwegTensors

/// How the gradient of a flow is computed: what is stored on the way, and how it is walked back.
///
/// All but ``ContinuousAdjoint`` give the gradient of the discrete method, exactly; they differ in
/// memory and work. An adjoint that a method cannot serve does not compile with it.
public protocol Adjoint<Method>: Sendable {
  /// The methods this adjoint works for.
  associatedtype Method: Integrator

  /// What the loop of a flow needs in order to be differentiated in this way.
  func strategy(for context: FlowContext) -> AdjointStrategy<Method>
}

/// What an adjoint knows of the flow that it serves.
public struct FlowContext: Sendable {
  /// The first time.
  public let start: Double
  /// The last time.
  public let end: Double
  /// The number of steps; 0 where their size is controlled.
  public let steps: Int
  /// Whether the method moves its state in exact arithmetic.
  public let isExact: Bool
  /// The bytes of what is carried from step to step; 0 where that is not known yet.
  package var carriedBytes = 0
  /// The precision of that.
  package var dtype = DType.float64
  /// Where measurements are reported.
  package let recorder: FlowRecorder
}

/// What the loop of a flow needs in order to be differentiated.
public struct AdjointStrategy<Method: Integrator>: Sendable {
  package typealias Undo =
    @Sendable (Method, Method.Field, Tensor, Method.Carry, Tensor) -> Method.Carry
  /// The way from a later time to an earlier one.
  package typealias Backsolve =
    @Sendable (Method.Field, Double, Double, AdjointState<Method.Field.State>) ->
    AdjointState<Method.Field.State>

  package let loop: any LoopAdjoint
  package let undo: Undo?
  /// What is recorded of steps of controlled size; nil where these have no gradient.
  package let recording: GridForm.Recording?
  /// How cotangents are integrated, where they are.
  package let backsolve: Backsolve?

  package init(
    _ loop: any LoopAdjoint, undo: Undo? = nil, recording: GridForm.Recording? = nil,
    backsolve: Backsolve? = nil
  ) {
    self.loop = loop
    self.undo = undo
    self.recording = recording
    self.backsolve = backsolve
  }
}
