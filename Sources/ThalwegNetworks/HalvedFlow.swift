public import ThalwegAdjoints
public import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
public import ThalwegTensors

/// The flow of a phase point whose position and momentum are the two halves of the channels.
///
/// - Shapes: `[batch, channels, height, width]`, unchanged.
/// - Errors: traps for an odd number of channels. Where the integration fails, NaN as for a flow
///   that is a layer.
/// - Source: B. Chang, L. Meng, E. Haber, L. Ruthotto, D. Begert, E. Holtham, "Reversible
///   Architectures for Arbitrarily Deep Residual Neural Networks", AAAI 2018, arXiv:1709.03698.
public struct HalvedFlow<Method: Integrator>: Layer where Method.Field.State == PhasePoint {
  /// The flow of the two halves.
  public var flow: Flow<Method>

  public static var branches: Branches<HalvedFlow<Method>> { Branches(\.flow) }

  /// Creates the layer of a flow.
  public init(_ flow: Flow<Method>) { self.flow = flow }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let end = flow.settledState(from: halves(of: x))
    return concatenate([end.q, end.p], along: 1)
  }

  public func calibrated(on x: Tensor) -> Self { Self(flow.calibrated(from: halves(of: x))) }

  private func halves(of x: Tensor) -> PhasePoint {
    require(
      x.rank == 4 && x.shape[1] % 2 == 0,
      "halved flow: the channels of input \(x.shape) have no halves")
    let halves = x.split(into: 2, along: 1)
    return PhasePoint(q: halves[0], p: halves[1])
  }
}
