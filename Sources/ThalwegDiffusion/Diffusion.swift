public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// Nonlinear diffusion of signals or images, in its general form of any order.
///
///     u_t = -D* Φ(D u)
///
/// It is the steepest descent of an energy, the sum of Ψ(D u) with Ψ' = Φ, and seen as a network the
/// residual part of a symmetric block, whose second filter is the first one transposed:
///
///     let filter = Diffusion(.gradient(), flux: .charbonnier(contrast: 0.1), coupling: .responses)
///     let flow = Flow(filter, over: 0...5, steps: 25, using: RungeKutta(.euler))
///     let block = Diffusion(.filters(count: 16, size: 5), flux: .peronaMalik(contrast: 0.1))
///
/// Where data are known that shall stay, a mask that is 1 there stops the diffusion, whatever the method,
/// so that the rest is filled in from them.
///
/// - Stability: see ``certificate(for:step:on:)``.
/// - Cost: D, its adjoint and the flux, once each.
/// - Shapes: those of ``DerivativeOperator``; the state keeps its shape.
/// - Errors: traps where responses shall flow together through a flux that is not one of lengths.
/// - Source: T. Alt, K. Schrader, M. Augustin, P. Peter, J. Weickert, "Connections between numerical
///   algorithms for PDEs and neural networks", J. Math. Imaging Vis. 65 (2023), arXiv:2107.14742.
public struct Diffusion: Dynamics {
  /// Which responses flow by the length of all of them together.
  public enum Coupling: String, Hashable, Sendable, CaseIterable {
    /// Each one for itself.
    case none
    /// All responses at a place of one channel: for the gradient of an image, isotropic diffusion.
    case responses
    /// All responses at a place of all channels: edges of colours stay in one place.
    case channels
  }

  /// The operator D.
  public var derivative: DerivativeOperator
  /// The function Φ.
  public var flux: Flux
  /// Which responses flow together.
  public let coupling: Coupling
  /// 1 where the state is known and stays, and 0 elsewhere.
  public let known: Tensor?
  private let token: StructureToken?

  public static let branches = Branches(\Diffusion.derivative, \.flux)

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    if let token { leaves.identify(by: token) }
    leaves.identify(byLength: Coupling.allCases.firstIndex(of: coupling) ?? 0)
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates a diffusion.
  public init(
    _ derivative: DerivativeOperator, flux: Flux, coupling: Coupling = .none,
    known: Tensor? = nil
  ) {
    require(
      coupling == .none || flux.isOfLength,
      "diffusion: responses cannot flow together through \(flux.name)")
    self.derivative = derivative
    self.flux = flux
    self.coupling = coupling
    self.known = known
    token = known.map { _ in StructureToken() }
  }

  public func callAsFunction(_ t: Tensor, _ u: Tensor) -> Tensor { countingEvaluation(field(u)) }

  private func field(_ u: Tensor) -> Tensor {
    let responses = derivative(u)
    let flows =
      coupling == .none
      ? responses.map { flux($0) } : coupledFlows(responses, diffusivity(of: responses, u))
    let inward = -derivative.adjoint(
      of: flows, like: u, vanishingAtEdges: flux.vanishesAtZero)
    return known.map { (1 - $0.to(u.dtype)) * inward } ?? inward
  }

  /// g at each place, for responses that flow together.
  func diffusivity(of responses: [Tensor], _ u: Tensor) -> Tensor {
    flux.diffusivity(squaredLength(responses, of: u))
  }

  private func coupledFlows(_ responses: [Tensor], _ diffusivity: Tensor) -> [Tensor] {
    responses.map { spread(diffusivity, over: $0) * $0 }
  }

  /// The energy, of which the diffusion is the steepest descent.
  public func energy(_ u: Tensor) -> Tensor {
    let responses = derivative(u)
    return coupling == .none
      ? responses.map { sum(flux.energy($0)) }.reduce(Tensor(0), +)
      : sum(flux.energy(ofSquared: squaredLength(responses, of: u)))
  }

  /// The sums of squares of what flows together.
  private func squaredLength(_ responses: [Tensor], of u: Tensor) -> Tensor {
    var total = responses.map { square($0) }.reduce(Tensor(0), +)
    if derivative.filters != nil { total = sum(total, over: [1], keepingAxes: true) }
    let channels = channelCount(u)
    guard coupling == .channels, channels > 1, let axis = channelAxis(total, channels) else {
      return total
    }
    let parts = axis.count == 1 ? total : total.reshaped(to: axis.shape)
    return sum(parts, over: [axis.index], keepingAxes: true)
  }

  /// A diffusivity in a shape that broadcasts to responses.
  private func spread(_ diffusivity: Tensor, over response: Tensor) -> Tensor {
    guard diffusivity.rank > response.rank else { return diffusivity }
    // One for all channels, which filters of one channel have side by side in the batch.
    let shape = diffusivity.shape.dimensions
    let channels = response.shape[0] / shape[0]
    let whole = diffusivity.broadcast(to: Shape([shape[0], channels] + shape[2...]))
    return whole.reshaped(to: Shape([response.shape[0]] + shape[2...]))
  }

  /// The number of channels of a state, 1 where it has no axis of them.
  private func channelCount(_ u: Tensor) -> Int {
    u.rank > derivative.dimensions ? u.shape[u.rank - derivative.dimensions - 1] : 1
  }

  /// Where the channels of squared responses are, after a change of shape if that is needed.
  private func channelAxis(
    _ squares: Tensor, _ channels: Int
  ) -> (index: Int, count: Int, shape: Shape)? {
    guard let filters = derivative.filters else {
      return (squares.rank - derivative.dimensions - 1, 1, squares.shape)
    }
    guard filters.shape[1] == 1 else { return nil }
    let shape = squares.shape.dimensions
    return (1, 2, Shape([shape[0] / channels, channels] + shape[1...]))
  }
}
