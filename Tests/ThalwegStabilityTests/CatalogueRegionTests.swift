import Testing
import Thalweg
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegLaws
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

/// Every method of the catalogue has a region, which is that of its closed form.
@Suite struct CatalogueRegionTests {
  private static let places = [
    Complex(-0.7, 0.4), Complex(0, 0.9), Complex(-1.9, 0), Complex(-2.4, 1.3), Complex(0.2, -1.1),
  ]

  private func compare(
    _ region: StabilityRegion, with closed: (Complex) -> Double, _ name: String
  ) {
    for z in Self.places {
      expectClose(
        region.amplification(at: z), closed(z), relative: 1e-9, absolute: 1e-10, "\(name) at \(z)")
    }
  }

  private func compare(
    _ region: StabilityRegion, real: Double?, imaginary: Double?, _ name: String
  ) {
    // Boundaries that are nearly tangential to an axis are known less well.
    if let real {
      #expect(isClose(region.realInterval, real), "\(name): \(region.realInterval), not \(real)")
    }
    if let imaginary {
      let found = region.imaginaryInterval
      #expect(isClose(found, imaginary), "\(name): \(found), not \(imaginary)")
    }
  }

  private func isClose(_ found: Double, _ claimed: Double) -> Bool {
    claimed.isFinite
      ? (found - claimed).magnitude <= 1e-3 * Swift.max(claimed, 1) : found == claimed
  }

  @Test func `methods of first order`() {
    let methods = CataloguedMethod<ODE<Tensor>>.firstOrder
    #expect(methods.count >= 25)
    for method in methods {
      let region = StabilityRegion(of: method.integrator)
      compare(region, with: { method.amplification($0).spectralRadius }, method.name)
      // RKC touches its boundary within the interval that is claimed.
      let isDamped = method.name.hasPrefix("rkc")
      compare(
        region, real: isDamped ? nil : method.stability.real,
        imaginary: method.stability.imaginary, method.name)
    }
  }

  @Test func `methods for two halves, and for equations of second order`() {
    for method in CataloguedMethod<SeparableODE>.separable {
      let region = StabilityRegion(of: method.integrator)
      compare(region, with: { method.amplification($0).spectralRadius }, method.name)
      compare(region, real: nil, imaginary: method.stability.imaginary, method.name)
    }
    for method in CataloguedMethod<SecondOrderODE>.secondOrder {
      let region = StabilityRegion(of: method.integrator)
      compare(region, with: { method.amplification($0).spectralRadius }, method.name)
      compare(region, real: nil, imaginary: method.stability.imaginary, method.name)
    }
  }

  @Test func `additive pairs, of which the stiff part has three quarters`() throws {
    let methods = CataloguedMethod<Split<ODE<Tensor>, ODE<Tensor>>>.split
    #expect(methods.count == AdditiveTableau.all.count)
    for tableau in AdditiveTableau.all {
      let method = try #require(methods.first { $0.name == tableau.name })
      let region = StabilityRegion(of: tableau, stiffShare: 0.75)
      compare(region, with: { method.amplification($0).spectralRadius }, method.name)
      // All of it stiff is the implicit method, none of it the explicit one.
      let implicit = StabilityRegion(of: tableau.implicit)
      for z in Self.places {
        expectClose(
          StabilityRegion(of: tableau, stiffShare: 1).amplification(at: z),
          implicit.amplification(at: z), relative: 1e-13)
      }
      // Separated, the real axis is all implicit and the imaginary one explicit.
      let separating = StabilityRegion(separating: tableau)
      let (left, up) = (Complex(-7), Complex(0, 1.3))
      expectClose(separating.amplification(at: left), implicit.amplification(at: left))
      let explicit = StabilityRegion(of: tableau, stiffShare: 0)
      expectClose(separating.amplification(at: up), explicit.amplification(at: up))
      #expect(explicit.realInterval > 1 && explicit.realInterval < 20)
    }
  }

  @Test func `limits of leapfrog, Verlet and Runge-Kutta are those of the literature`() {
    let limits: [(StabilityRegion, Double, Double)] = [
      (StabilityRegion(of: .euler), 2, 0), (StabilityRegion(of: LeapfrogMidpoint()), 0, 1),
      (StabilityRegion(of: Leapfrog()), 0, 2), (StabilityRegion(of: Verlet()), 0, 2),
      (StabilityRegion(of: SymplecticEuler()), 0, 2),
      (StabilityRegion(of: DampedSymplecticEuler(0.9)), 0, 3.8.squareRoot()),
      (StabilityRegion(of: .kutta3), 2.5127, 1.732),
      (StabilityRegion(of: .classic), 2.7853, 2.8284),
    ]
    for (region, real, imaginary) in limits {
      expectClose(region.realInterval, real, absolute: 1e-3, "\(region.name)")
      expectClose(region.imaginaryInterval, imaginary, absolute: 1e-3, "\(region.name)")
    }
    // Just beyond its limit symplectic Euler amplifies by 1.0653 a step.
    let z = Complex(0, 4.004.squareRoot())
    expectClose(
      StabilityRegion(of: SymplecticEuler()).amplification(at: z), 1.0653, absolute: 1e-4)
  }
}
