import Testing
import Thalweg
import ThalwegTestSupport

/// Networks that are schemes for diffusion.
@Suite struct DiffusionNetworkTests {
  private static let images: Shape = [2, 1, 8, 8]
  private static let schemes: [DiffusionScheme] = [
    .explicit, .duFortFrankel(), .semiIterative(cycle: 3), .fixedPoint(iterations: 4), .implicit,
  ]

  private static func network(
    _ scheme: DiffusionScheme, isShared: Bool = false, dtype: DType = .float64
  ) -> DiffusionNetwork {
    DiffusionNetwork(
      scheme: scheme, blocks: 5, filters: 3, flux: .peronaMalik(contrast: 0.6),
      isShared: isShared, seed: 3, dtype: dtype)
  }

  @Test(arguments: schemes) func `images keep their shape, one by one`(
    _ scheme: DiffusionScheme
  ) {
    let network = Self.network(scheme)
    let x = Tensor.random(Self.images, seed: 1)
    let y = network(x)
    #expect(y.shape == x.shape && relativeError(y, x) > 0.01)
    expectClose(
      network(x.slice(1..<2)), y.slice(1..<2), relative: scheme == .implicit ? 1e-3 : 1e-13)
  }

  @Test(arguments: schemes) func `gradients are those of differences`(
    _ scheme: DiffusionScheme
  ) throws {
    if case .implicit = scheme { return }  // solved to the tolerance of trainings
    for isShared in [false, true] {
      let network = Self.network(scheme, isShared: isShared)
      let x = Tensor.random(Self.images, seed: 2)
      try expectDerivatives(
        of: { network.replacingLeaves(with: Array($0.dropFirst()))($0[0]) },
        at: [x] + network.leaves, directions: 1, step: 1e-3, relative: 1e-7,
        isTwiceDifferentiable: false)
    }
  }

  @Test func `implicit blocks are trained by implicit differentiation`() throws {
    let blocks = [
      Diffusion(
        .filters(count: 3, seed: 5, dtype: .float64), flux: .charbonnier(contrast: 0.5))
    ]
    let flow = Flow(
      blocks[0], over: 0...2, steps: 2,
      using: BackwardEuler(
        solver: NewtonKrylov(tolerance: 1e-13, derivativeTolerance: 1e-13)))
    let x = Tensor.random([1, 1, 6, 6], seed: 3)
    try expectDerivatives(
      of: { try flow.replacingLeaves(with: Array($0.dropFirst()))($0[0]) }, at: [x] + flow.leaves,
      directions: 1, step: 1e-3, relative: 1e-7, isTwiceDifferentiable: false)
  }

  @Test func `a block has half the weights of one whose filters are not tied`() {
    let network = DiffusionNetwork(
      scheme: .explicit, blocks: 4, filters: 16, size: 5, flux: .relu, seed: 1)
    let untied = (0..<4).flatMap { _ in
      Conv2D(1, 16, kernel: 5, bias: false).leaves + Conv2D(16, 1, kernel: 5, bias: false).leaves
    }
    #expect(2 * network.weightCount == untied.reduce(0) { $0 + $1.count })
    let shared = DiffusionNetwork(
      scheme: .explicit, blocks: 4, filters: 16, size: 5, flux: .relu, isShared: true, seed: 1)
    #expect(4 * shared.weightCount == network.weightCount)
  }

  @Test func `projected networks are stable, and their outputs no longer than their inputs`() throws
  {
    for scheme in Self.schemes {
      var network = Self.network(scheme)
      network = network.mapLeaves { $0.rank == 4 ? 6 * $0 : $0 }
      let x = Tensor.random(Self.images, seed: 4)
      let stable = try network.projected(on: [8, 8])
      #expect(try stable.certificates(on: [8, 8]).allSatisfy(\.isStable), "\(scheme)")
      if scheme == .explicit {
        #expect(try !network.certificates(on: [8, 8]).allSatisfy(\.isStable))
        #expect(sum(square(network(x))).scalar > sum(square(x)).scalar)
        #expect(sum(square(stable(x))).scalar <= sum(square(x)).scalar)
      }
    }
  }

  @Test func `inner steps of a cycle are those of the integrator`() throws {
    let diffusion = Diffusion(
      .filters(count: 3, seed: 7, dtype: .float64), flux: .charbonnier(contrast: 0.5))
    let network = DiffusionNetwork(
      scheme: .semiIterative(cycle: 4), blocks: [diffusion], depth: 8, step: 0.7)
    let reach = FastSemiIterative<Diffusion>.reach(cycle: 4)
    let flow = Flow(
      diffusion, over: 0...2 * 0.7 * reach, steps: 2, using: FastSemiIterative(cycle: 4))
    let x = Tensor.random(Self.images, seed: 8)
    expectClose(network(x), try flow(x), relative: 1e-13)
  }

  // MARK: - Multigrid

  @Test func `a U-net is a function of images of any size`() throws {
    let network = MultigridNetwork(
      levels: 3, blocks: 1, filters: 2, flux: .peronaMalik(contrast: 0.5), seed: 2)
    for shape in [[1, 1, 12, 20], [2, 3, 9, 14]] as [Shape] {
      let x = Tensor.random(shape, seed: 5).to(.float32)
      #expect(network(x).shape == shape)
    }
    let doubled = network.mapLeaves { $0.to(.float64) }
    try expectDerivatives(
      of: { doubled.replacingLeaves(with: Array($0.dropFirst()))($0[0]) },
      at: [Tensor.random([1, 1, 9, 12], seed: 6)] + doubled.leaves, directions: 1, step: 1e-3,
      relative: 1e-7, isTwiceDifferentiable: false)
  }

  @Test func `coarse grids that do nothing change nothing`() {
    var network = MultigridNetwork(
      levels: 3, blocks: 1, filters: 2, flux: .linear, seed: 2)
    let x = Tensor.random([1, 1, 16, 12], seed: 7).to(.float32)
    for level in 1..<3 {
      network.before[level] = network.before[level].map { $0.mapLeaves { 0 * $0 } }
      if level < 2 { network.after[level] = network.after[level].map { $0.mapLeaves { 0 * $0 } } }
    }
    let fine = [network.before[0][0], network.after[0][0]].reduce(x) { u, block in u + block(0, u) }
    expectClose(network(x), fine, relative: 1e-5)
  }

  // MARK: - Quality

  @Test func `the quality of images is that of the definitions`() {
    let a = Tensor.random([16, 16], seed: 9)
    let same = ImageQuality(of: a, comparedWith: a)
    #expect(same.psnr == .infinity)
    expectClose(same.ssim, 1, absolute: 1e-12)
    let shifted = ImageQuality(of: a + 0.1, comparedWith: a)
    expectClose(shifted.psnr, 20, absolute: 1e-9)
    // Constant images differ in luminance alone: (2ab + c) / (a² + b² + c).
    let (b, c) = (Tensor.zeros([12, 12]) + 0.5, Tensor.zeros([12, 12]) + 0.3)
    expectClose(
      ImageQuality(of: b, comparedWith: c).ssim, (0.3 + 1e-4) / (0.25 + 0.09 + 1e-4),
      relative: 1e-9)
  }
}
