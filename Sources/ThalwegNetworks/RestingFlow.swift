public import ThalwegAdjoints
public import ThalwegDynamics
public import ThalwegIntegrators
public import ThalwegTensors

/// The position that a phase point has at the end of a flow which begins at rest.
///
/// It lets every method for systems of first order integrate an equation of second order.
///
/// - Shapes: unchanged.
/// - Errors: where the integration fails, NaN as for a flow that is a layer.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (11).
public struct RestingFlow<Method: Integrator>: Layer where Method.Field.State == PhasePoint {
  /// The flow of position and velocity.
  public var flow: Flow<Method>

  public static var branches: Branches<RestingFlow<Method>> { Branches(\.flow) }

  /// Creates the layer of a flow.
  public init(_ flow: Flow<Method>) { self.flow = flow }

  public func callAsFunction(_ x: Tensor) -> Tensor { flow.settledState(from: resting(x)).q }

  public func calibrated(on x: Tensor) -> Self { Self(flow.calibrated(from: resting(x))) }

  private func resting(_ x: Tensor) -> PhasePoint {
    PhasePoint(q: x, p: .zeros(x.shape, dtype: x.dtype))
  }
}
