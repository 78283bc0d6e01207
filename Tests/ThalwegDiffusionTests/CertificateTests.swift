import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What certificates prove, and that it fails where they do not.
@Suite struct CertificateTests {
  /// One column of pixels, on which ‖D‖² is 4 up to 1/n².
  private static let shape: Shape = [64]
  private static let form = DerivativeOperator.gradient(dimensions: 1, boundary: .periodic)

  static let fluxes: [Flux] = [
    .linear, .charbonnier(contrast: 1), .peronaMalik(contrast: 1),
    .exponentialPeronaMalik(contrast: 1), .totalVariation(smoothing: 0.5), .relu,
  ]

  private func step(_ flux: Flux, _ h: Double, _ u: Tensor) -> Tensor {
    u + h * Diffusion(Self.form, flux: flux)(0, u)
  }

  private func norm(_ u: Tensor) -> Double { sum(square(u)).scalar.squareRoot() }

  private func states(_ seed: UInt64) -> [Tensor] {
    // Rough ones, on which the largest eigenvalue shows, small and large.
    let rough = Tensor((0..<64).map { $0 % 2 == 0 ? 1.0 : -1 })
    let noise = Tensor.random(Self.shape, seed: seed)
    return [0.01, 0.3, 1, 4].flatMap { size in
      [0, 0.1, 1, 10].map { part in size * (rough + part * noise) }
    }
  }

  @Test(arguments: fluxes) func `norms never grow at the bound`(_ flux: Flux) throws {
    let diffusion = Diffusion(Self.form, flux: flux)
    let bound = 2 / (flux.lipschitz * 4)
    let certificate = try diffusion.certificate(for: .explicit, step: bound, on: Self.shape)
    #expect(certificate.isNormStable && certificate.isStable)
    expectClose(certificate.largestStep, bound, relative: 1e-12)
    for u in states(1) { #expect(norm(step(flux, bound, u)) <= norm(u) * (1 + 1e-12)) }
    // A tenth beyond it is not claimed, and wrong.
    let beyond = try diffusion.certificate(for: .explicit, step: 1.1 * bound, on: Self.shape)
    #expect(!beyond.isNormStable && !beyond.isStable)
    let growth = states(1).map { norm(step(flux, 1.1 * bound, $0)) / norm($0) }.max() ?? 0
    if case .relu = flux { return }
    #expect(growth > 1.05, "\(flux.name): \(growth)")
  }

  @Test(arguments: fluxes) func `states move apart by no more than is certified`(
    _ flux: Flux
  ) throws {
    let diffusion = Diffusion(Self.form, flux: flux)
    let bound = 2 / (flux.lipschitz * 4)
    let certificate = try diffusion.certificate(for: .explicit, step: bound, on: Self.shape)
    let expansion = try #require(certificate.expansion)
    #expect(certificate.isNonexpansive == flux.isMonotone)
    var largest = 0.0
    for u in states(2) {
      for v in states(3) {
        largest = Swift.max(
          largest, norm(step(flux, bound, u) - step(flux, bound, v)) / norm(u - v))
        let near = u + 1e-4 * (v - u)
        largest = Swift.max(
          largest, norm(step(flux, bound, u) - step(flux, bound, near)) / norm(u - near))
      }
    }
    #expect(largest <= expansion * (1 + 1e-9), "\(flux.name): \(largest) of \(expansion)")
    #expect(largest > 1 || flux.isMonotone, "\(flux.name)")
  }

  @Test func `bounds of expansion of fluxes that are not monotone`() throws {
    func expansion(_ flux: Flux) throws -> Double? {
      try Diffusion(Self.form, flux: flux)
        .certificate(for: .explicit, step: 0.5, on: Self.shape).expansion
    }
    expectClose(try #require(try expansion(.peronaMalik(contrast: 2))), 1.25, relative: 1e-12)
    expectClose(
      try #require(try expansion(.exponentialPeronaMalik(contrast: 2))), 1.893, absolute: 5e-4)
  }

  @Test func `beyond the bound ratios are those of the literature`() {
    // One filter of norm 1: u - 2.2 Φ(u), for differences of states.
    func ratio(_ flux: Flux, _ u: Double, _ v: Double) -> Double {
      let (a, b) = (Tensor([u]), Tensor([v]))
      let difference = (a - 2.2 * flux(a)) - (b - 2.2 * flux(b))
      return (difference / (a - b)).scalar.magnitude
    }
    expectClose(ratio(.relu, 1, 2), 1.2, relative: 1e-12)
    #expect(ratio(.charbonnier(contrast: 1), 1e-3, -1e-3) > 1.19)
  }

  // MARK: - Du Fort-Frankel

  @Test func `the threshold of alpha is a quarter of the largest eigenvalue`() throws {
    let diffusion = Diffusion(Self.form, flux: .linear)
    for step in [0.1, 1, 10, 1000] {
      // The largest eigenvalue is 4.
      let inside = DuFortFrankelGrowth(alpha: 0.25, step: step).radius(at: 1)
      let outside = DuFortFrankelGrowth(alpha: 0.2499, step: step).radius(at: 1)
      #expect(inside <= 1 + 1e-12, "\(step): \(inside)")
      #expect(outside >= 1.00004 && outside < 1.0391, "\(step): \(outside)")
      let region = StabilityRegion(of: DuFortFrankel(alpha: 1 * step))
      expectClose(region.amplification(at: Complex(-4 * step)), 1, absolute: 1e-9)
    }
    let stable = try diffusion.certificate(
      for: .duFortFrankel(alpha: 1), step: 100, on: Self.shape)
    #expect(stable.largestStep == .infinity && stable.isStable)
    let unstable = try diffusion.certificate(
      for: .duFortFrankel(alpha: 0.99), step: 0.01, on: Self.shape)
    #expect(unstable.largestStep == 0 && !unstable.isStable)
  }

  @Test(arguments: [(10.0, 5.1), (100, 50), (1000, 500)])
  func `norms grow with the step before they stay`(size: Double, expected: Double) {
    // τ λ of 10, 100 and 1000 at α = λ/4, and twice as much at λ/2.
    let growth = DuFortFrankelGrowth(alpha: 0.25, step: size).largest(upTo: 1)
    expectClose(growth, expected, relative: 0.03)
    let twice = DuFortFrankelGrowth(alpha: 0.5, step: size).largest(upTo: 1)
    #expect(twice > 1.7 * growth && twice < 2.3 * growth, "\(twice) and \(growth)")
  }

  // MARK: - FSI

  @Test(arguments: [1, 2, 5, 10, 25]) func `a cycle is a box filter`(n: Int) throws {
    let x = Tensor((0...40).map { Double($0) / 20 })
    let field = ODE(x) { t, u, x in -x * u }
    let flow = Flow(
      field, over: 0...FastSemiIterative<ODE<Tensor>>.reach(cycle: n), steps: 1,
      using: FastSemiIterative(cycle: n))
    let found = try flow(.ones([41])).values
    for (value, x) in zip(found, x.values) where x > 0 {
      let half = Foundation.acos(1 - x) / 2
      let box =
        Foundation.sin(Double(2 * n + 1) * half) / (Double(2 * n + 1) * Foundation.sin(half))
      expectClose(value, box, absolute: 1e-14)
    }
    // The time is what a constant flux, and what a small eigenvalue, shows.
    expectClose(FastSemiIterative<ODE<Tensor>>.reach(cycle: n), Double(n * (n + 1)) / 3)
    let drift = Flow(
      ODE { t, u in 1 + 0 * u }, over: 0...2, steps: 3, using: FastSemiIterative(cycle: n))
    expectClose(try drift([0]).scalar, 2, relative: 1e-13)
  }

  @Test func `there is no room beyond the bound of a cycle`() throws {
    func largest(_ n: Int) throws -> Double {
      let x = Tensor((0...2100).map { Double($0) / 1000 })
      let reach = FastSemiIterative<ODE<Tensor>>.reach(cycle: n)
      let end = try Flow(
        ODE(x) { t, u, x in -x * u }, over: 0...reach, steps: 1,
        using: FastSemiIterative(cycle: n))(.ones([2101]))
      return end.values.map(\.magnitude).max() ?? 0
    }
    expectClose(try largest(10), 2.4, absolute: 0.05)
    expectClose(try largest(40), 4e5, relative: 0.1)
  }

  @Test func `cycles are as long as the spectrum asks`() {
    typealias Method = FastSemiIterative<ODE<Tensor>>
    for n in 1...30 {
      let reach = 2 * Method.reach(cycle: n)
      #expect(Method.cycle(spectralRadius: 1, step: reach) == n)
      #expect(Method.cycle(spectralRadius: 1, step: 1.001 * reach) == n + 1)
    }
  }

  // MARK: - Implicit

  @Test func `implicit steps never move states apart, however long`() throws {
    let diffusion = Diffusion(Self.form, flux: .charbonnier(contrast: 1))
    for size in [0.5, 50, 5000] {
      let certificate = try diffusion.certificate(for: .implicit, step: size, on: Self.shape)
      #expect(certificate.isNonexpansive && certificate.largestStep == .infinity)
      let flow = Flow(
        diffusion, over: 0...size, steps: 1,
        using: BackwardEuler(solver: NewtonKrylov(tolerance: 1e-12)))
      let (u, v) = (Tensor.random([64], seed: 4), Tensor.random([64], seed: 5))
      #expect(norm(try flow(u) - flow(v)) <= norm(u - v) * (1 + 1e-9))
    }
    let sharpening = Diffusion(Self.form, flux: .peronaMalik(contrast: 1))
    let certificate = try sharpening.certificate(for: .implicit, step: 1, on: Self.shape)
    // 1 / (1 - τ · 1/8 · 4)
    #expect(certificate.isNormStable && certificate.expansion == 2)
    let long = try sharpening.certificate(for: .implicit, step: 3, on: Self.shape)
    #expect(long.isNormStable && long.expansion == nil)
  }

  // MARK: - Filters

  @Test func `a step beyond the bound is an error that names it`() throws {
    let diffusion = Diffusion(.gradient(), flux: .peronaMalik(contrast: 0.1))
    #expect {
      try DiffusionFilter(diffusion, time: 10, scheme: .explicit, steps: 20, on: [32, 32])
    } throws: {
      $0 as? DiffusionError
        == .unstableStep(0.5, largest: 0.25, scheme: "explicit", steps: 40)
    }
    let allowed = try DiffusionFilter(
      diffusion, time: 10, scheme: .explicit, steps: 20, on: [32, 32], allowingUnstableSteps: true)
    #expect(!allowed.certificate.isStable && allowed.steps == 20)
    let chosen = try DiffusionFilter(diffusion, time: 10, scheme: .explicit, on: [32, 32])
    #expect(chosen.certificate.isStable && chosen.steps == 80)
    #expect(throws: DiffusionError.notPositive("time", value: -1)) {
      try DiffusionFilter(diffusion, time: -1, scheme: .explicit, on: [32, 32])
    }
    // A flux that points against the derivative has no stable step.
    var basis = RadialBasis(count: 5, reach: 1, dtype: .float64)
    basis.weights = -basis.weights
    #expect(throws: DiffusionError.self) {
      try DiffusionFilter(
        Diffusion(.gradient(), flux: .radialBasis(basis)), time: 1, scheme: .explicit, on: [8, 8])
    }
  }

  @Test func `schemes agree where all are accurate`() throws {
    let diffusion = Diffusion(
      .gradient(), flux: .charbonnier(contrast: 0.5), coupling: .responses)
    let u = Tensor.random([16, 16], seed: 6)
    let exact = try Flow(
      diffusion, over: 0...2, steps: 400, using: RungeKutta(.classic))(u)
    let schemes: [(DiffusionScheme, Int, Double)] = [
      (.explicit, 200, 0.01), (.duFortFrankel(alpha: 2), 200, 0.01),
      (.semiIterative(cycle: 4), 40, 0.02), (.fixedPoint(iterations: 30), 200, 0.01),
      (.implicit, 100, 0.02), (.multigrid(cycles: 3), 100, 0.02),
    ]
    for (scheme, steps, error) in schemes {
      let end = try DiffusionFilter(diffusion, time: 2, scheme: scheme, steps: steps, on: u.shape)(
        u)
      #expect(relativeError(end, exact) < error, "\(scheme): \(relativeError(end, exact))")
    }
  }
}
