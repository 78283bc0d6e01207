import Foundation
import Testing
import Thalweg
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct StabilityRegionTests {
  // E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", section IV.2.
  @Test(arguments: [
    (ButcherTableau.euler, 2, 0), (.midpoint, 2, 0), (.heun, 2, 0), (.ralston, 2, 0),
    (.kutta3, 2.512_745_326_618_328_7, 3.0.squareRoot()),
    (.classic, 2.785_293_563_405_282_1, 8.0.squareRoot()),
    (.threeEighths, 2.785_293_563_405_282_1, 8.0.squareRoot()),
  ])
  func `intervals of Runge-Kutta methods are the published ones`(
    tableau: ButcherTableau, real: Double, imaginary: Double
  ) {
    let region = StabilityRegion(of: tableau)
    expectClose(region.realInterval, real, relative: 1e-10)
    expectClose(region.imaginaryInterval, imaginary, relative: 1e-10)
  }

  @Test func `intervals of methods that carry more than a state are the published ones`() {
    func check(_ region: StabilityRegion, _ real: Double, _ imaginary: Double) {
      // Double roots on the boundary are known to the root of the precision.
      expectClose(region.realInterval, real, absolute: 1e-5, "\(region.name), real")
      expectClose(region.imaginaryInterval, imaginary, absolute: 1e-5, "\(region.name), imaginary")
    }
    check(StabilityRegion(of: LeapfrogMidpoint()), 0, 1)
    check(StabilityRegion(of: ReversibleHeun()), 0, 1)
    check(StabilityRegion(of: AsynchronousLeapfrog()), 0, 1)
    check(StabilityRegion(of: AsynchronousLeapfrog(damping: 0.8)), 0.5, 0)
    check(StabilityRegion(of: AsynchronousLeapfrog(damping: 0.55)), 2 * 0.45 / 0.55, 0)
    check(StabilityRegion(of: Verlet()), 0, 2)
    check(StabilityRegion(of: SymplecticEuler()), 0, 2)
    check(StabilityRegion(of: Leapfrog()), 0, 2)
  }

  @Test(arguments: ButcherTableau.all)
  func `the function of a tableau is what steps do`(tableau: ButcherTableau) {
    let (closed, measured) = (
      StabilityRegion(of: tableau), StabilityRegion(of: RungeKutta<ODE<Tensor>>(tableau))
    )
    for z in [Complex(-1, 1), Complex(0.5, -2), Complex(-3.1, 0.2), Complex(0, 2.6)] {
      expectClose(
        measured.amplification(at: z), closed.amplification(at: z), relative: 1e-12,
        absolute: 1e-14)
    }
  }

  @Test func `membership is that of the textbook's discs`() {
    let euler = StabilityRegion(of: .euler)
    for z in [Complex(-1, 0.99), Complex(-0.01, 0.1), Complex(-1.9)] { #expect(euler.contains(z)) }
    for z in [Complex(-1, 1.01), Complex(0, 0.1), Complex(0.1), Complex(-2.01)] {
      #expect(!euler.contains(z))
    }
    // R(z) = Σ zᵏ/k! up to 4.
    let z = Complex(-1.3, 1.7)
    let series =
      1 + z + z * z * 0.5 + z * z * z * Complex(1 / 6.0) + z * z * z * z * Complex(1 / 24.0)
    expectClose(
      StabilityRegion(of: .classic).amplification(at: z), series.magnitude, relative: 1e-14)
  }

  @Test func `the largest step for diffusion is the real interval over the radius`() throws {
    let s = try spectrum(of: ODE { _, y in 100 * laplacian(y) }, at: .zeros([30]))
    let radius = -100 * laplacianEigenvalues(30)[29]
    expectClose(s.largestStableStep(under: .euler), 2 / radius, relative: 1e-10)
    let step = s.largestStableStep(under: .classic)
    expectClose(step, 2.785_293_563_405_282_1 / radius, relative: 1e-10)
    #expect(s.isStable(under: .classic, step: 0.999 * step))
    #expect(!s.isStable(under: .classic, step: 1.001 * step))
    #expect(s.largestStableStep(under: LeapfrogMidpoint()) == 0)
  }

  @Test func `oscillations suit other methods than diffusion`() throws {
    let chain = SeparableODE { _, p in
      p
    } force: { _, q in
      9 * laplacian(q)
    }
    let start = PhasePoint(q: .zeros([20]), p: .zeros([20]))
    let s = try spectrum(of: chain, at: start)
    let frequency = (-9 * laplacianEigenvalues(20)[19]).squareRoot()
    #expect(s.structure == .general && abs(s.abscissa) < 1e-12)
    expectClose(s.radius, frequency, relative: 1e-12)
    expectClose(s.largestStableStep(under: Verlet()), 2 / frequency, relative: 1e-5)
    expectClose(s.largestStableStep(under: .classic), 8.0.squareRoot() / frequency, relative: 1e-9)
    expectClose(s.largestStableStep(under: LeapfrogMidpoint()), 1 / frequency, relative: 1e-5)
    #expect(s.largestStableStep(under: .euler) == 0)
    #expect(!s.isStable(under: .euler, step: 0.01))
  }

  @Test func `growing solutions have no stable step, unless growth is left out`() throws {
    let s = try spectrum(of: ODE { _, y in [2 * y[0], -5 * y[1]] }, at: [0, 0])
    #expect(s.largestStableStep(under: .classic) == 0)
    expectClose(s.largestStableStep(under: .euler, ignoringGrowth: true), 0.4, relative: 1e-10)
    let still = try spectrum(of: ODE { _, y in 0 * y }, at: [0.0, 0])
    #expect(still.largestStableStep(under: .classic) == .infinity)
  }

  /// For the pair ±r a step of Verlet has the eigenvalues e^±θ: it amplifies one, as the flow does.
  @Test func `a saddle does not bound the steps of methods for pairs`() throws {
    let rates = [3.0, 0.5]
    let hill = SecondOrderODE { _, y in Tensor([9, 0.25]) * y }
    let s = try spectrum(of: hill, at: [0, 0])
    expectClose(s.eigenvalues.map(\.real), rates + rates.reversed().map { -$0 })
    for region in [StabilityRegion(of: Verlet()), StabilityRegion(of: Leapfrog())] {
      #expect(region.largestStableStep(for: s, ignoringGrowth: true) == .infinity)
      #expect(region.isStable(for: s, step: 0.1, ignoringGrowth: true))
      #expect(region.largestStableStep(for: s) == 0 && !region.isStable(for: s, step: 0.1))
    }
    #expect(s.largestStableStep(under: Verlet(), ignoringGrowth: true) == .infinity)
    // One step at a time must damp what decays.
    let classic = s.largestStableStep(under: .classic, ignoringGrowth: true)
    expectClose(classic, StabilityRegion(of: .classic).realInterval / 3, relative: 1e-9)
    // Valleys beside the hill bound it still, and what decays alone is amplified at any step.
    let landscape = try spectrum(
      of: SecondOrderODE { _, y in Tensor([9, -16]) * y }, at: [0, 0])
    expectClose(
      landscape.largestStableStep(under: Verlet(), ignoringGrowth: true), 0.5, relative: 1e-5)
    let decay = try spectrum(of: ODE { _, y in -2 * y }, at: [1.0])
    #expect(!StabilityRegion(of: Verlet()).isStable(for: decay, step: 0.1, ignoringGrowth: true))
  }

  @Test func `pictures show what amplifies`() throws {
    let s = try spectrum(of: ODE { _, y in laplacian(y) }, at: .zeros([9]))
    func crosses(_ step: Double) -> Int {
      StabilityRegion(of: .euler).picture(of: s, step: step)
        .components(separatedBy: "#cf222e").count - 1
    }
    #expect(crosses(0.5) == 0)
    // Two lines for each of the eigenvalues beyond -2.
    #expect(crosses(1) == 2 * laplacianEigenvalues(9).count { $0 < -2 })
    let svg = StabilityRegion(of: .classic).picture(of: s, step: 0.5)
    #expect(svg.hasPrefix("<svg") && svg.contains("rk4, h = 0.5"))
  }
}
