import Testing
import Thalweg
import ThalwegTestSupport

/// Networks that fill in what is not known.
@Suite struct FillingTests {
  private static let shape: Shape = [2, 1, 13, 16]
  private let image = Tensor.random(shape, seed: 1)
  private let known = (Tensor.random(shape, seed: 2) .> 0.8).to(.float64)

  private func network(_ scheme: DiffusionScheme) -> DiffusionNetwork {
    DiffusionNetwork(
      scheme: scheme, blocks: 7, filters: 3, flux: .peronaMalik(contrast: 0.5), isShared: true,
      seed: 3, dtype: .float64)
  }

  private var grids: MultigridNetwork {
    MultigridNetwork(
      levels: 3, blocks: 1, filters: 2, flux: .charbonnier(contrast: 0.4), seed: 4
    ).mapLeaves { $0.to(.float64) }
  }

  /// The image with another one where it is not known.
  private func disturbed(by seed: UInt64) -> Tensor {
    known * image + (1 - known) * .random(Self.shape, seed: seed)
  }

  @Test func `what is known stays, and nothing else matters`() {
    for filled in [
      { network(.explicit).filled($0, known: known) },
      { network(.semiIterative(cycle: 3)).filled($0, known: known) },
      { grids.filled($0, known: known) },
    ] as [(Tensor) -> Tensor] {
      let result = filled(image)
      expectClose(known * result, known * image, relative: 1e-15)
      expectClose(filled(disturbed(by: 5)), result, relative: 1e-14)
      #expect(relativeError((1 - known) * result, (1 - known) * image) > 0.01)
    }
  }

  @Test func `blocks are those of a diffusion that stops where the state is known`() throws {
    let explicit = network(.explicit)
    let block = explicit.blocks[0]
    let diffusion = Diffusion(block.derivative, flux: block.flux, known: known)
    // It begins with the mean of what is known, in each image.
    let count = sum(known, over: [1, 2, 3], keepingAxes: true)
    let level = sum(known * image, over: [1, 2, 3], keepingAxes: true) / count
    let begin = known * image + (1 - known) * level
    let steps = Flow(diffusion, over: 0...7, steps: 7, using: RungeKutta(.euler))
    expectClose(explicit.filled(image, known: known), try steps(begin), relative: 1e-11)
    let cycles = Flow(
      diffusion, over: 0...2 * FastSemiIterative<Diffusion>.reach(cycle: 3), steps: 2,
      using: FastSemiIterative(cycle: 3))
    let network = DiffusionNetwork(
      scheme: .semiIterative(cycle: 3), blocks: [block], depth: 6)
    expectClose(network.filled(image, known: known), try cycles(begin), relative: 1e-11)
  }

  @Test func `a constant is filled in exactly`() {
    let constant = 0 * image + 0.3
    let result = grids.centered.filled(constant, known: known)
    expectClose(result, constant, relative: 1e-13)
  }

  @Test func `coarse grids carry what is known across gaps`() {
    // One known column at each side; sweeps of the fine grid alone reach a few pixels only.
    let ramp = (0..<32).map { Double($0 / 16) }
    let image = Tensor((0..<32 * 32).map { ramp[$0 % 32] }, shape: [1, 1, 32, 32])
    let known = Tensor((0..<32 * 32).map { [0, 31].contains($0 % 32) ? 1 : 0 }, shape: image.shape)
    let filters = Tensor([0, 0, 0, 0, -0.45, 0.45, 0, 0, 0], shape: [1, 1, 3, 3])
    func middle(levels: Int) -> Double {
      var network = MultigridNetwork(levels: levels, blocks: 2, filters: 1, flux: .linear, seed: 1)
      network = network.mapLeaves { _ in filters }
      return network.filled(image, known: known).values[8]
    }
    // The column 8 is a quarter of the way; it begins with the mean of both ends.
    let exact = 8.0 / 31
    #expect(abs(middle(levels: 1) - 0.5) < 1e-3)
    #expect(abs(middle(levels: 4) - exact) < 0.5 * abs(middle(levels: 1) - exact))
  }

  @Test func `gradients are those of differences`() throws {
    let (fsi, grids) = (network(.semiIterative(cycle: 3)), grids)
    try expectDerivatives(
      of: { fsi.replacingLeaves(with: $0).filled(image, known: known) }, at: fsi.leaves,
      directions: 1, step: 1e-3, relative: 1e-7, isTwiceDifferentiable: false)
    try expectDerivatives(
      of: { grids.replacingLeaves(with: $0).filled(image, known: known) }, at: grids.leaves,
      directions: 1, step: 1e-3, relative: 1e-7, isTwiceDifferentiable: false)
  }
}
