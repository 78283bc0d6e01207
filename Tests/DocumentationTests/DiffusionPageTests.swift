import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/diffusion.md, and what it claims.
@Suite struct DiffusionPageTests {
  @Test func `a diffusion`() throws {
    let diffusion = Diffusion(
      .gradient(), flux: .charbonnier(contrast: 0.05), coupling: .responses)
    let u = 0.5 + 0.1 * Tensor.randomNormal([64, 64], key: 1)
    let flow = Flow(diffusion, over: 0...2, steps: 20, using: RungeKutta(.euler))
    print(variance(try flow(u)).scalar / variance(u).scalar)  // most of the noise is gone

    #expect(variance(try flow(u)).scalar < 0.4 * variance(u).scalar)
  }

  @Test func `fluxes and energies`() throws {
    let flux = Flux.peronaMalik(contrast: 0.1)
    print(flux.slopes, flux.largestValue, flux.isMonotone)  // -0.125...1.0 0.05… false
    let basis = Flux.radialBasis(RadialBasis(count: 9, reach: 1))
    print(basis.slopes, basis.ratios)  // bounds for the weights as they are

    let diffusion = Diffusion(.gradient(), flux: .peronaMalik(contrast: 0.3))
    let descent = GradientFlow { u in diffusion.energy(u) }
    let u = Tensor.randomNormal([8, 8], key: 2)
    print((diffusion(0, u) - descent(0, u)).values.map(abs).max() ?? 0)  // rounding

    #expect(flux.slopes == -0.125...1 && !flux.isMonotone)
    expectClose(diffusion(0, u), descent(0, u), relative: 1e-12)
  }

  @Test func `steps that are chosen, and refused`() throws {
    let diffusion = Diffusion(.gradient(), flux: .charbonnier(contrast: 0.05))
    let filter = try DiffusionFilter(
      diffusion, time: 20, scheme: .semiIterative(cycle: 10), on: [64, 64])
    print(filter.steps, filter.certificate)
    do {
      _ = try DiffusionFilter(diffusion, time: 20, scheme: .explicit, steps: 40, on: [64, 64])
    } catch let error as DiffusionError {
      print(error)  // a step of 0.5 is longer than 0.25, the largest stable one, …
    }

    #expect(filter.certificate.isStable)
    #expect(throws: DiffusionError.self) {
      try DiffusionFilter(diffusion, time: 20, scheme: .explicit, steps: 40, on: [64, 64])
    }
  }

  @Test func `certificates`() throws {
    let sharpening = Diffusion(.gradient(), flux: .peronaMalik(contrast: 0.1))
    let certificate = try sharpening.certificate(for: .explicit, step: 0.25, on: [64, 64])
    print(certificate.isNormStable, certificate.isNonexpansive)  // true false
    print(certificate.expansion ?? 0)  // 1.25

    #expect(certificate.isNormStable && !certificate.isNonexpansive)
    #expect(certificate.expansion == 1.25)
  }

  @Test func `multigrid`() throws {
    let b = Tensor.randomNormal([256, 256], key: 3)
    let poisson = GridEquation(decay: 0, rate: 1)
    let solution = try Multigrid().solve(poisson, b, tolerance: 1e-8)
    print(solution.residuals.count - 1, solution.convergenceFactor)  // 9 cycles, 0.12 each

    let diffusion = Diffusion(
      .gradient(), flux: .charbonnier(contrast: 0.2), coupling: .responses)
    let u = Tensor.randomNormal([64, 64], key: 4)
    let method = BackwardEuler<Diffusion>(
      solver: NewtonKrylov(tolerance: 1e-8, linear: .gmres(restart: 30)),
      preconditioner: .multigrid(for: diffusion))
    let flow = Flow(diffusion, over: 0...50, steps: 1, using: method)
    _ = try flow(u)
    print(flow.statistics.krylovIterations)  // some 30, and 100 without the preconditioner

    #expect(solution.convergenceFactor < 0.15 && solution.residuals.count < 12)
    let plain = Flow(
      diffusion, over: 0...50, steps: 1,
      using: BackwardEuler<Diffusion>(
        solver: NewtonKrylov(tolerance: 1e-8, linear: .gmres(restart: 30))))
    _ = try plain(u)
    #expect(
      2 * flow.statistics.krylovIterations < plain.statistics.krylovIterations,
      "\(flow.statistics.krylovIterations) and \(plain.statistics.krylovIterations)")
  }

  @Test func `networks`() throws {
    var network = DiffusionNetwork(
      scheme: .semiIterative(cycle: 4), blocks: 4, filters: 8, size: 5,
      flux: .peronaMalik(contrast: Tensor(repeating: 0.1, shape: [8, 1, 1])), seed: 1)
    let clean = Tensor.randomUniform([2, 1, 24, 24], key: 5).to(.float32)
    let noisy = clean + 0.1 * Tensor.randomNormal([2, 1, 24, 24], key: 6).to(.float32)
    let (loss, gradient) = try valueAndGradient(at: network) { network in
      mean(square(network(noisy) - clean))
    }
    var optimizer = Adam(learningRate: 0.01)
    optimizer.update(&network, along: gradient)
    network = try network.projected(on: [24, 24])
    print(loss.scalar, network.weightCount)  // half of what untied filters would have

    #expect(network.weightCount == 4 * (8 * 25 + 8) && loss.scalar > 0)
    #expect(try network.certificates(on: [24, 24]).allSatisfy(\.isStable))
  }
}
