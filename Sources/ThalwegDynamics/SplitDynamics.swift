public import ThalwegTensors

/// Dynamics that are the sum of two parts, of which one is stiff.
///
///     y' = f(t, y) + g(t, y),   g stiff
///
/// Methods for them step through the stiff part implicitly and through the other explicitly; all other
/// methods see the sum. ``Split`` makes them of two dynamics.
public protocol SplitDynamics: Dynamics {
  /// The part that is not stiff.
  associatedtype Explicit: Dynamics where Explicit.State == State
  /// The stiff part.
  associatedtype Implicit: Dynamics where Implicit.State == State

  /// The part that is not stiff.
  var explicit: Explicit { get }
  /// The stiff part.
  var implicit: Implicit { get }
}

extension SplitDynamics {
  public func callAsFunction(_ t: Tensor, _ y: State) -> State {
    explicit(t, y) + implicit(t, y)
  }
}
