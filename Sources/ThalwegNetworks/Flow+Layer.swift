public import ThalwegAdjoints
public import ThalwegDynamics
public import ThalwegIntegrators
public import ThalwegTensors

/// A flow of a tensor is a layer, so that it can stand in a ``Sequential``.
///
///     let net = Sequential(Dense(2, 8), Flow(f, over: 0...1, steps: 10, using: method), Dense(8, 1))
///
/// - Errors: a layer cannot throw. Where the integration fails, the layer returns NaN in every
///   element if it computes at once; inside a compiled function the failure is thrown when the
///   function runs. `try flow(y)` on the flow itself still throws; ``Layer/applied(to:)`` does not.
extension Flow: Layer where Method.Field.State == Tensor {
  // Disfavoured, so that a call of a flow finds the function that throws.
  @_disfavoredOverload
  public func callAsFunction(_ x: Tensor) -> Tensor { settledState(from: x) }

  public func calibrated(on x: Tensor) -> Self { calibrated(from: x) }
}

extension Flow {
  /// The state at the end, or NaN in every element where the integration fails.
  func settledState(from y: State) -> State {
    do {
      return try self(y)
    } catch {
      return y.mapLeaves { Tensor(repeating: .nan, shape: $0.shape, dtype: $0.dtype) }
    }
  }
}
