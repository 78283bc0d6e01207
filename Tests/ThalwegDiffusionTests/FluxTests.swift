import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What fluxes say of themselves, against what they do.
@Suite struct FluxTests {
  static let all: [Flux] = [
    .linear, .charbonnier(contrast: 0.7), .peronaMalik(contrast: 0.7),
    .exponentialPeronaMalik(contrast: 0.7), .totalVariation(smoothing: 0.2), .relu,
    .radialBasis(RadialBasis(count: 9, reach: 2, dtype: .float64)),
    .radialBasis(Self.trained),
  ]

  /// Weights as training may make them: neither even nor of one sign.
  private static var trained: RadialBasis {
    var basis = RadialBasis(count: 9, reach: 2, dtype: .float64)
    basis.weights = sin(3 * Tensor.iota(9)) + 0.4
    return basis
  }

  private static let places = Tensor((-4000...4000).map { Double($0) / 500 })

  private func slopes(_ flux: Flux) -> [Double] {
    jvp(at: Self.places, along: .ones(Self.places.shape)) { flux($0) }.derivative.values
  }

  @Test(arguments: all.indices) func `slopes and values are within their bounds`(_ index: Int) {
    let flux = Self.all[index]
    let slopes = slopes(flux)
    let values = flux(Self.places).values
    let (least, greatest) = (slopes.min() ?? 0, slopes.max() ?? 0)
    #expect(least >= flux.slopes.lowerBound - 1e-12 && greatest <= flux.slopes.upperBound + 1e-12)
    #expect(values.allSatisfy { $0.magnitude <= flux.largestValue * (1 + 1e-12) })
    for (s, value) in zip(Self.places.values, values) where s.magnitude > 1e-9 {
      let ratio = value / s
      #expect(
        ratio >= flux.ratios.lowerBound - 1e-12 && ratio <= flux.ratios.upperBound + 1e-12)
    }
    // The bounds are no wider than they need be.
    let spread = greatest - least
    #expect(abs(least - flux.slopes.lowerBound) < 0.02 * (1 + spread), "\(flux.name)")
    #expect(abs(greatest - flux.slopes.upperBound) < 0.02 * (1 + spread), "\(flux.name)")
    #expect(flux.isMonotone == (flux.slopes.lowerBound >= 0))
  }

  @Test(arguments: all.indices) func `the flux is the derivative of its energy`(_ index: Int) {
    let flux = Self.all[index]
    let derivative = gradient(at: Self.places) { sum(flux.energy($0)) }
    expectClose(derivative, flux(Self.places), relative: 1e-6)
  }

  @Test(arguments: all.indices) func `a diffusivity times the derivative is the flux`(
    _ index: Int
  ) {
    let flux = Self.all[index]
    guard flux.isOfLength else { return }
    let s = Self.places
    expectClose(flux.diffusivity(square(s)) * s, flux(s), relative: 1e-12)
  }

  @Test func `the extremes are those of the literature`() {
    let one = Tensor(1.0)
    let fluxes: [Flux] = [.peronaMalik(contrast: one), .exponentialPeronaMalik(contrast: one)]
    for (flux, expected) in zip(fluxes, [(0.5, -0.125), (0.60653, -0.44626)]) {
      let values = flux(Self.places).values
      expectClose(values.max() ?? 0, expected.0, absolute: 1e-5)
      expectClose(flux.largestValue, expected.0, absolute: 1e-5)
      expectClose(slopes(flux).min() ?? 0, expected.1, absolute: 1e-5)
      expectClose(flux.slopes.lowerBound, expected.1, absolute: 1e-5)
      expectClose(slopes(flux).max() ?? 0, 1, absolute: 1e-6)
    }
    let s = Self.places.values
    let values = fluxes.map { $0(Self.places).values }
    #expect(values.allSatisfy { list in list.max() == list[s.firstIndex(of: 1) ?? 0] })
  }

  @Test func `a trained flux begins as one of Perona and Malik`() {
    let basis = Flux.radialBasis(RadialBasis(count: 15, reach: 3, dtype: .float64))
    let classic = Flux.exponentialPeronaMalik(contrast: 1.5)
    let near = Tensor((-200...200).map { Double($0) / 100 })
    expectClose(basis(near), classic(near), relative: 0.02)
  }

  @Test(arguments: all.indices) func `parameters are differentiated`(_ index: Int) throws {
    let flux = Self.all[index]
    guard !flux.leaves.isEmpty else { return }
    let s = Tensor([-1.3, -0.2, 0.4, 2.1])
    try expectDerivatives(of: { [$0(s), $0.energy(s)] }, at: flux)
  }
}
