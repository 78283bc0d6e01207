import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
public import ThalwegKernels
public import ThalwegNetworks
public import ThalwegTensors

/// A network that is a scheme for diffusion with trained filters and fluxes.
///
/// | scheme | network |
/// |---|---|
/// | `explicit` | symmetric residual network: u ← u - h Kᵀ Φ(K u) |
/// | `duFortFrankel` | one with a second skip connection |
/// | `semiIterative` | one with extrapolation that begins anew after each cycle |
/// | `fixedPoint` | recurrent network |
/// | `implicit` | recurrent network at its fixed point, trained by implicit differentiation |
///
///     let network = DiffusionNetwork(
///       scheme: .semiIterative(cycle: 4), blocks: 8, filters: 16, size: 5,
///       flux: .peronaMalik(contrast: 0.1), seed: 1)
///     let stable = try network.projected(on: [40, 40])
///
/// The second filter of a block is the first one transposed, so that it has half the weights of a
/// residual block. With shared weights all blocks are one.
///
/// - Stability: see ``projected(on:margin:)``.
/// - Shapes: `[batch, channels, height, width]`, or `[batch, channels, length]`, unchanged; one channel in the filters serves images with
///   any number of them.
/// - Errors: traps where there are no blocks, and for `multigrid`, which is ``MultigridNetwork``.
/// - Source: T. Alt, K. Schrader, M. Augustin, P. Peter, J. Weickert, "Connections between numerical
///   algorithms for PDEs and neural networks", J. Math. Imaging Vis. 65 (2023), arXiv:2107.14742.
public struct DiffusionNetwork: Layer {
  /// The scheme.
  public let scheme: DiffusionScheme
  /// The number of blocks.
  public let depth: Int
  /// The size of a step, h.
  public let step: Double
  private var flow: any DiffusionBlocks

  public static var branches: Branches<DiffusionNetwork> { Branches() }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    flow.collectLeaves(into: &leaves, path: path)
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    flow.replaceLeaves(from: &source)
  }

  /// Creates a network of given blocks: one for each step, or one for all of them.
  public init(
    scheme: DiffusionScheme, blocks: [Diffusion], depth: Int? = nil, step: Double? = nil
  ) {
    require(
      !blocks.isEmpty && (blocks.count == 1 || blocks.count == depth ?? blocks.count),
      "diffusion network: \(blocks.count) blocks for a depth of \(depth ?? 0)")
    self.scheme = scheme
    self.depth = depth ?? blocks.count
    self.step = step ?? Self.usualStep(scheme)
    flow = Self.flow(scheme, blocks, self.depth, self.step)
  }

  /// Creates a network with random filters for images, or for signals of one dimension; without a seed
  /// they differ from run to run.
  ///
  /// Each block has a copy of the parameters of the flux.
  public init(
    scheme: DiffusionScheme, blocks: Int, channels: Int = 1, filters: Int, size: Int = 3,
    dimensions: Int = 2, flux: Flux, isShared: Bool = false, step: Double? = nil,
    seed: UInt64? = nil,
    dtype: DType = .float32
  ) {
    let seed = seed ?? .random(in: .min ... .max)
    let fields = (0..<(isShared ? 1 : blocks)).map { index in
      Diffusion(
        .filters(
          channels: channels, count: filters, size: size, dimensions: dimensions, norm: 1,
          seed: seed &+ UInt64(index), dtype: dtype), flux: flux.mapLeaves { $0.to(dtype) })
    }
    self.init(scheme: scheme, blocks: fields, depth: blocks, step: step)
  }

  /// The blocks, or the one that is repeated.
  public var blocks: [Diffusion] { flow.blocks }

  /// The number of weights.
  public var weightCount: Int { leaves.reduce(0) { $0 + $1.count } }

  public func callAsFunction(_ x: Tensor) -> Tensor { flow(x) }

  // MARK: - Stability

  /// α of Du Fort-Frankel, with which a block is an explicit step of size 1.
  private static let alpha = 0.5

  private static func usualStep(_ scheme: DiffusionScheme) -> Double {
    switch scheme {
    case .duFortFrankel: 3
    default: 1
    }
  }

  /// The largest ‖K‖² with which blocks of a flux with Lipschitz constant 1 are stable.
  private var largestSquaredNorm: Double {
    switch scheme {
    case .explicit, .semiIterative: 2 / step
    case .duFortFrankel(let alpha): 4 * (alpha ?? Self.alpha)
    case .fixedPoint: 1 / step
    case .implicit, .multigrid: .infinity
    }
  }

  /// The network with filters that are scaled down where they are too large for stable steps.
  ///
  ///     K ← K · min(1, margin · c / ‖K‖),   c² = 2 / (L h) for explicit and FSI blocks, 4α / L for
  ///     Du Fort-Frankel, 1 / (L h) for a fixed point, and no limit for implicit ones
  ///
  /// With an explicit scheme and a flux that points along the derivative the output is then no longer
  /// than the input, whatever it is.
  ///
  /// - Cost: that of ``DerivativeOperator/squaredNorm(on:tolerance:)`` for each block.
  /// - Errors: ``SpectrumError`` where weights are not finite.
  public func projected(on shape: Shape, margin: Double = 0.98) throws -> DiffusionNetwork {
    let largest = largestSquaredNorm
    guard largest.isFinite else { return self }
    var network = self
    network.flow = try flow.mapBlocks { block in
      var block = block
      let lipschitz = Swift.max(block.flux.lipschitz, 1e-12)
      let limit = margin * (largest / lipschitz).squareRoot()
      block.derivative = try block.derivative.projected(toNorm: limit, on: shape)
      return block
    }
    return network
  }

  /// The network with filters of mean 0, for which constant images stay as they are.
  ///
  ///     let (loss, gradient) = try valueAndGradient(at: network) { loss(of: $0.centered) }
  public var centered: DiffusionNetwork {
    var network = self
    network.flow = flow.mapBlocks { block in
      var block = block
      block.derivative = block.derivative.centered
      return block
    }
    return network
  }

  /// What is proved of each block on images of a shape.
  public func certificates(on shape: Shape) throws -> [StabilityCertificate] {
    try blocks.map { block in
      switch scheme {
      case .semiIterative(let cycle):
        // Blocks are inner steps: a cycle is as long as so many of them reach.
        try block.certificate(
          for: scheme, step: step * FastSemiIterative<Diffusion>.reach(cycle: cycle), on: shape)
      case .duFortFrankel(let alpha):
        try block.certificate(
          for: .duFortFrankel(alpha: alpha ?? Self.alpha), step: step, on: shape)
      default: try block.certificate(for: scheme, step: step, on: shape)
      }
    }
  }

  // MARK: - Flows

  private static func flow(
    _ scheme: DiffusionScheme, _ blocks: [Diffusion], _ depth: Int, _ step: Double
  ) -> any DiffusionBlocks {
    func flow<Method: Integrator>(_ method: Method) -> any DiffusionBlocks
    where Method.Field == Diffusion {
      let span = 0...step * Double(depth)
      return blocks.count == 1
        ? Flow(blocks[0], over: span, steps: depth, using: method)
        : Flow(stages: blocks, over: span, using: method)
    }
    switch scheme {
    case .explicit: return flow(RungeKutta(.euler))
    case .duFortFrankel(let alpha): return flow(DuFortFrankel(alpha: alpha ?? Self.alpha))
    case .semiIterative(let cycle): return flow(SemiIterativeSteps(cycle: cycle))
    case .fixedPoint(let iterations): return flow(FixedPointEuler(iterations: iterations))
    case .implicit:
      return flow(BackwardEuler(solver: NewtonKrylov(tolerance: 1e-3, derivativeTolerance: 1e-3)))
    case .multigrid:
      require(false, "diffusion network: multigrid is a network of its own")
      return flow(RungeKutta(.euler))
    }
  }
}
