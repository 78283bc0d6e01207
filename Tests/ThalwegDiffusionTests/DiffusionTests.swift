import Testing
import Thalweg
import ThalwegTestSupport

/// The field of a diffusion against its energy and against the formulas of others.
@Suite struct DiffusionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let diffusion: Diffusion
    let shape: Shape
  }

  static let cases: [Case] = {
    let fluxes = FluxTests.all.enumerated().map { index, flux in
      Case(
        testDescription: "\(flux.name) \(index)", diffusion: Diffusion(.gradient(), flux: flux),
        shape: [6, 5])
    }
    let forms: [(String, DerivativeOperator, Shape)] = [
      ("hessian", .hessian(), [5, 6]), ("periodic", .gradient(boundary: .periodic), [5, 6]),
      ("zero", .gradient(boundary: .zero), [5, 6]), ("signal", .derivatives([0, 1, 0.5]), [2, 9]),
      ("filters", .filters(channels: 2, count: 4, seed: 1, dtype: .float64), [3, 2, 5, 6]),
      ("filters of one channel", .filters(count: 4, seed: 2, dtype: .float64), [2, 3, 5, 6]),
    ]
    let coupled = forms.flatMap { name, form, shape in
      Diffusion.Coupling.allCases.map { coupling in
        Case(
          testDescription: "\(name), \(coupling)",
          diffusion: Diffusion(form, flux: .peronaMalik(contrast: 0.5), coupling: coupling),
          shape: shape)
      }
    }
    return fluxes + coupled
  }()

  @Test(arguments: cases) func `the field descends the energy`(_ law: Case) {
    let diffusion = law.diffusion
    let descent = GradientFlow(diffusion.derivative, diffusion.flux) { u, derivative, flux in
      Diffusion(derivative, flux: flux, coupling: diffusion.coupling).energy(u)
    }
    let u = Tensor.random(law.shape, seed: 7)
    expectClose(diffusion(0, u), descent(0, u), relative: 1e-12)
  }

  @Test(arguments: cases) func `derivatives are those of the values`(_ law: Case) throws {
    // Kinks of relu are far from random numbers.
    let u = Tensor.random(law.shape, seed: 8)
    try expectDerivatives(
      of: { law.diffusion.replacingLeaves(with: Array($0.dropFirst()))(0, $0[0]) },
      at: [u] + law.diffusion.leaves, directions: 1, step: 1e-4, relative: 1e-6,
      isTwiceDifferentiable: false)
  }

  @Test func `the mean stays, with nothing across the boundary`() throws {
    let diffusion = Diffusion(
      .gradient(), flux: .charbonnier(contrast: 0.3), coupling: .responses)
    let u = Tensor.random([12, 9], seed: 3)
    let end = try DiffusionFilter(diffusion, time: 3, scheme: .explicit, on: u.shape)(u)
    expectClose(sum(end).scalar, sum(u).scalar, relative: 1e-12)
    #expect((end.values.max() ?? 0) < (u.values.max() ?? 0))
  }

  @Test func `isotropic diffusion treats colours and directions together`() {
    let u = Tensor.random([3, 5, 4], seed: 5)
    let flux = Flux.charbonnier(contrast: 0.4)
    let together = Diffusion(.gradient(), flux: flux, coupling: .channels)(0, u)
    // By hand: one diffusivity for all six differences of a pixel.
    let dy = u.shifted(by: 1, along: 1) - u
    let dx = u.shifted(by: 1, along: 2) - u
    let squares = sum(square(dx) + square(dy), over: [0], keepingAxes: true)
    let g = 1 / sqrt(1 + squares / 0.16)
    let flow = [g * dy, g * dx].enumerated().map { index, p in
      p - p.shifted(by: -1, along: index + 1, boundary: .zero)
    }
    expectClose(together, flow[0] + flow[1], relative: 1e-6)
  }

  @Test func `filters are as good as stencils`() {
    let bank = DerivativeOperator(
      filters: Tensor(
        [0, 0, 0, 0, -1, 1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0], shape: [2, 1, 3, 3]))
    let flux = Flux.peronaMalik(contrast: 0.4)
    let u = Tensor.random([2, 3, 6, 5], seed: 6)
    for coupling in Diffusion.Coupling.allCases {
      let a = Diffusion(.gradient(), flux: flux, coupling: coupling)(0, u)
      let b = Diffusion(bank, flux: flux, coupling: coupling)(0, u)
      expectClose(a, b, relative: 1e-12)
    }
  }

  @Test func `what is known stays, by every scheme`() throws {
    let mask = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1])
    let data = Tensor([1, 0, 0, 0, 3, 0, 0, 0, -1])
    let diffusion = Diffusion(.gradient(dimensions: 1), flux: .linear, known: mask)
    let expected = Tensor([1, 1.5, 2, 2.5, 3, 2, 1, 0, -1])
    let schemes: [DiffusionScheme] = [
      .explicit, .duFortFrankel(), .semiIterative(cycle: 10), .implicit,
    ]
    for scheme in schemes {
      let end = try DiffusionFilter(diffusion, time: 200, scheme: scheme, on: [9])(data)
      expectClose(end, expected, relative: 1e-4, "\(scheme)")
      #expect(end.values[0] == 1 && end.values[4] == 3 && end.values[8] == -1)
    }
    // Imposing the data after every inner step is the same.
    let free = Diffusion(.gradient(dimensions: 1), flux: .linear)
    let imposed = FastSemiIterative<Diffusion>(cycle: 10) { u in u + mask * (data - u) }
    let a = try Flow(free, over: 0...40, steps: 3, using: imposed)(data)
    let b = try Flow(diffusion, over: 0...40, steps: 3, using: FastSemiIterative(cycle: 10))(data)
    expectClose(a, b, relative: 1e-13)
  }
}
