public import ThalwegDynamics
public import ThalwegTensors

/// A method whose steps come with an estimate of their error, so that their size can be controlled.
///
///     let flow = Flow(
///       f, over: 0...1, tolerance: .relative(1e-6, absolute: 1e-8),
///       using: EmbeddedRungeKutta(.tsitouras5))
///
/// It also says what the state is between the ends of a step. A method whose last evaluation is the
/// first of the next step carries the slope with the state; where dynamics jump, `start` computes it
/// anew.
public protocol EmbeddedIntegrator<Field>: Integrator {
  /// What interpolation needs beside the ends of a step, such as the slopes of the stages.
  associatedtype Dense: TensorTree

  /// The order of the error estimate in h: one more than the lower order of a pair.
  var errorOrder: Int { get }
  /// One step with the estimate of its error.
  func attempt(
    _ f: Field, at t: Tensor, from carry: Carry, by h: Tensor
  ) -> StepAttempt<Carry, Field.State, Dense>
  /// The state within a step: at its beginning where `part` is 0, at its end where it is 1.
  func interpolate(
    _ dense: Dense, from carry: Carry, to next: Carry, at part: Tensor, by h: Tensor
  ) -> Field.State
}

extension EmbeddedIntegrator {
  public func step(_ f: Field, at t: Tensor, from carry: Carry, by h: Tensor) -> Carry {
    attempt(f, at: t, from: carry, by: h).next
  }
}
