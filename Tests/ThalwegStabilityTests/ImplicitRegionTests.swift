import Foundation
import Testing
import Thalweg
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct ImplicitRegionTests {
  // Where |R(z)| first exceeds 1, computed from the polynomials with 40 digits.
  @Test(arguments: [
    (EmbeddedTableau.bogackiShampine3, 2.512_745_326_618_328_6, 1.732_050_807_568_877_3),
    (.dormandPrince5, 3.306_567_892_634_946_5, 0.997_189_008_632_529_92),
    (.tsitouras5, 3.506_846_993_804_929_2, 0.477_978_868_882_791_59),
    (.verner6, 4.855_274_314_489_581_9, 2.584_199_567_607_457_5),
    (.dormandPrince8, 6.393_651_522_851_065_4, 5.960_359_811_702_779_4),
  ])
  func `intervals of pairs are those of their polynomials`(
    tableau: EmbeddedTableau, real: Double, imaginary: Double
  ) {
    let region = StabilityRegion(of: tableau)
    expectClose(region.realInterval, real, relative: 1e-9)
    // Near 0 amplification is below the margin: the boundary there is flat.
    expectClose(region.imaginaryInterval, imaginary, relative: 1e-3)
  }

  @Test(arguments: DiagonallyImplicitTableau.all)
  func `stiffly accurate methods damp what is stiff`(tableau: DiagonallyImplicitTableau) throws {
    let region = StabilityRegion(of: tableau)
    #expect(region.realInterval == .infinity)
    #expect(region.amplification(at: Complex(-1e9)) < 1e-6)
    let s = try spectrum(of: ODE { _, y in 1e6 * laplacian(y) }, at: .zeros([8]))
    #expect(s.largestStableStep(under: tableau) == .infinity && s.isStable(under: tableau, step: 9))
  }

  @Test func `A-stable methods are stable in the left half-plane and nowhere beyond`() {
    func check(_ region: StabilityRegion, isConservative: Bool) {
      #expect(region.realInterval == .infinity, "\(region.name)")
      #expect(region.imaginaryInterval == .infinity, "\(region.name)")
      let beyond = Complex(0.1, 0.1)
      #expect(!region.contains(beyond), "\(region.name)")
      let size = region.amplification(at: Complex(0, 3))
      #expect(isConservative == (abs(size - 1) < 1e-12), "\(region.name): \(size)")
    }
    check(StabilityRegion(of: BackwardEuler()), isConservative: false)
    check(StabilityRegion(of: ImplicitMidpoint()), isConservative: true)
    check(StabilityRegion(of: Trapezoid()), isConservative: true)
    check(StabilityRegion(of: Gauss4()), isConservative: true)
    check(StabilityRegion(of: RadauIIA5()), isConservative: false)
    check(StabilityRegion(of: SDIRK2()), isConservative: false)
  }

  @Test func `measured implicit steps are the quotients of the textbook`() {
    for z in [Complex(-0.7, 1.1), Complex(-30, 4), Complex(0, 2.2)] {
      let euler = (1 / (1 - z)).magnitude
      expectClose(
        StabilityRegion(of: BackwardEuler()).amplification(at: z), euler, relative: 1e-12)
      let half = z * 0.5
      expectClose(
        StabilityRegion(of: ImplicitMidpoint()).amplification(at: z),
        ((1 + half) / (1 - half)).magnitude, relative: 1e-12)
    }
  }

  // RKL2: stages s with (s² + s - 2) / 2; RKC2 with about 2/3 (s² - 1) (1 - 2/15 · 2/13).
  @Test(arguments: [4, 8])
  func `stabilised methods reach as far as is published`(stages: Int) {
    let s = Double(stages)
    let rkl = StabilityRegion(of: RKL2<ODE<Tensor>>(stages: stages)).realInterval
    expectClose(rkl, (s * s + s - 2) / 2, relative: 1e-6)
    let rkc = StabilityRegion(of: RKC2<ODE<Tensor>>(stages: stages)).realInterval
    expectClose(rkc, 2.0 / 3 * (s * s - 1) * (1 - 4.0 / 195), relative: 0.03)
  }
}
