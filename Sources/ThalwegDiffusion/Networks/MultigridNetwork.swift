public import ThalwegKernels
public import ThalwegNetworks
public import ThalwegTensors

/// A cycle of multigrid whose sweeps are trained: a U-net with additive skip connections.
///
///     u ← blocks(u),   v = (the same on the coarser grid)(R u),   u ← blocks(u + P (v - R u))
///
/// R takes means over squares of four pixels, and P values between. What is added on the way up is the
/// correction of the coarse grid alone, as in the full approximation scheme: without training on the
/// coarse grids they change nothing. There are no weights but those of the blocks, which are symmetric
/// residual blocks.
///
///     let network = MultigridNetwork(
///       levels: 3, blocks: 2, filters: 16, size: 3, flux: .peronaMalik(contrast: 0.1), seed: 1)
///
/// - Shapes: `[batch, channels, height, width]`, unchanged, of any height and width; signals are
///   `[batch, channels, length]`.
/// - Errors: traps where there are no levels or blocks.
/// - Source: T. Alt, K. Schrader, M. Augustin, P. Peter, J. Weickert, "Connections between numerical
///   algorithms for PDEs and neural networks", J. Math. Imaging Vis. 65 (2023), arXiv:2107.14742.
public struct MultigridNetwork: Layer {
  /// The blocks of each grid on the way down, from the finest on.
  public var before: [[Diffusion]]
  /// The blocks of each grid but the coarsest on the way up, from the finest on.
  public var after: [[Diffusion]]
  /// The size of the steps of blocks.
  public let step: Double
  /// Whether the way up begins with what the way down ended with.
  public let hasSkips: Bool

  public static let branches = Branches(\MultigridNetwork.before, \.after)

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(byLength: hasSkips ? 1 : 0)
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates a network with random filters for images, or for signals of one dimension; without a seed
  /// they differ from run to run.
  public init(
    levels: Int, blocks: Int, channels: Int = 1, filters: Int, size: Int = 3, dimensions: Int = 2,
    flux: Flux, hasSkips: Bool = true, step: Double = 1, seed: UInt64? = nil
  ) {
    require(levels > 0 && blocks > 0, "multigrid network: \(levels) levels of \(blocks) blocks")
    var seed = seed ?? .random(in: .min ... .max)
    func row() -> [Diffusion] {
      (0..<blocks).map { _ in
        seed &+= 1
        return Diffusion(
          .filters(
            channels: channels, count: filters, size: size, dimensions: dimensions, norm: 1,
            seed: seed),
          flux: flux.mapLeaves { $0.to(.float32) })
      }
    }
    before = (0..<levels).map { _ in row() }
    after = (1..<levels).map { _ in row() }
    self.step = step
    self.hasSkips = hasSkips
  }

  /// The number of weights.
  public var weightCount: Int { leaves.reduce(0) { $0 + $1.count } }

  public func callAsFunction(_ x: Tensor) -> Tensor { output(of: x, level: 0) }

  private func output(of x: Tensor, level: Int) -> Tensor {
    let u = swept(x, before[level])
    guard level + 1 < before.count, transfer.isCoarsenable(x.shape) else { return u }
    let coarse = transfer.averaged(u)
    let better = output(of: coarse, level: level + 1)
    let change = transfer.prolonged(hasSkips ? better - coarse : better, to: x.shape)
    return swept(hasSkips ? u + change : change, after[level])
  }

  /// The way to coarser grids, along the axes of images or of signals.
  var transfer: GridTransfer {
    GridTransfer(
      axes: Array(-(before[0].first?.derivative.dimensions ?? 2)..<0), boundary: .reflecting)
  }

  private func swept(_ x: Tensor, _ blocks: [Diffusion]) -> Tensor {
    blocks.reduce(x) { u, block in u + step * block(0, u) }
  }

  /// The network with filters of mean 0, for which constant images stay as they are.
  public var centered: MultigridNetwork {
    func centered(_ block: Diffusion) -> Diffusion {
      var block = block
      block.derivative = block.derivative.centered
      return block
    }
    var network = self
    network.before = before.map { $0.map(centered) }
    network.after = after.map { $0.map(centered) }
    return network
  }

  /// The network with filters that are scaled down where they are too large for stable steps.
  ///
  /// - Errors: ``SpectrumError`` where weights are not finite.
  public func projected(on shape: Shape, margin: Double = 0.98) throws -> MultigridNetwork {
    func limited(_ block: Diffusion) throws -> Diffusion {
      var block = block
      let limit = margin * (2 / (step * Swift.max(block.flux.lipschitz, 1e-12))).squareRoot()
      block.derivative = try block.derivative.projected(toNorm: limit, on: shape)
      return block
    }
    var network = self
    network.before = try before.map { try $0.map(limited) }
    network.after = try after.map { try $0.map(limited) }
    return network
  }
}
