import Testing
import Thalweg
import ThalwegTestSupport

/// The operator D, its adjoint and its norm.
@Suite struct DerivativeOperatorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let form: DerivativeOperator
    let shape: Shape
  }

  static let cases: [Case] = DiffusionBoundary.allCases.flatMap { boundary -> [Case] in
    [
      Case(
        testDescription: "gradient \(boundary)", form: .gradient(boundary: boundary), shape: [5, 7]),
      Case(
        testDescription: "hessian \(boundary)", form: .hessian(boundary: boundary),
        shape: [2, 6, 5]),
      Case(
        testDescription: "laplacian \(boundary)",
        form: .laplacian(dimensions: 1, boundary: boundary),
        shape: [9]),
      Case(
        testDescription: "derivatives \(boundary)",
        form: .derivatives([0.3, 1, -0.5, 0.2, 0.1], boundary: boundary), shape: [3, 11]),
      Case(
        testDescription: "filters \(boundary)",
        form: .filters(
          channels: 2, count: 3, size: 5, boundary: boundary, seed: 4, dtype: .float64),
        shape: [2, 2, 6, 7]),
      Case(
        testDescription: "filters of one channel \(boundary)",
        form: .filters(count: 3, boundary: boundary, seed: 5, dtype: .float64), shape: [2, 3, 4, 5]),
      Case(
        testDescription: "filters of signals \(boundary)",
        form: .filters(
          channels: 2, count: 3, size: 5, dimensions: 1, boundary: boundary, seed: 6,
          dtype: .float64), shape: [2, 8]),
    ]
  }

  @Test(arguments: cases) func `the adjoint is exact`(_ law: Case) {
    let u = Tensor.random(law.shape, seed: 1)
    let responses = law.form(u)
    let p = responses.enumerated().map { Tensor.random($1.shape, seed: 2 + UInt64($0)) }
    let left = zip(responses, p).map { sum($0 * $1).scalar }.reduce(0, +)
    let right = sum(u * law.form.adjoint(of: p, like: u)).scalar
    expectClose(left, right, relative: 1e-13)
  }

  @Test(arguments: cases) func `the norm is bounded, and not by much too much`(_ law: Case) throws {
    let bound = try law.form.squaredNorm(on: law.shape)
    var u = Tensor.random(law.shape, seed: 3)
    for _ in 0..<400 {
      u = law.form.adjoint(of: law.form(u), like: u)
      u = u / sum(square(u)).scalar.squareRoot()
    }
    let norm = law.form(u).map { sum(square($0)).scalar }.reduce(0, +)
    #expect(norm <= bound * (1 + 1e-12), "\(norm) > \(bound)")
    #expect(norm > 0.5 * bound, "\(norm) of \(bound)")
  }

  @Test func `gradients have the norms of the literature`() throws {
    #expect(try DerivativeOperator.gradient().squaredNorm(on: [256, 256]) == 8)
    #expect(try DerivativeOperator.gradient(dimensions: 1).squaredNorm(on: [256]) == 4)
    #expect(try DerivativeOperator.laplacian().squaredNorm(on: [256, 256]) == 64)
  }

  @Test func `what lies beyond the ends is the mirror image`() {
    // A combination that reaches two places, on a signal and on the same with its mirror image.
    let form = DerivativeOperator.derivatives([0, 0.5, 1, 0.25, 2])
    let u = Tensor([1, 4, 2, 8, 5, 7])
    let mirror = Tensor(Array(u.values.reversed()))
    let wide = concatenate([mirror, u, mirror])
    expectClose(form(u)[0], form(wide)[0].slice(6..<12), relative: 1e-14)
    let filters = DerivativeOperator(filters: Tensor([0.3, -1, 2, 0.7, 0.1], shape: [1, 1, 5]))
    let (near, far) = (filters(u)[0], filters(wide)[0])
    expectClose(near, far.slice(6..<12, along: 3), relative: 1e-14)
  }

  @Test func `polynomials are differentiated`() {
    let x = Tensor.iota(12)
    let inside = DerivativeOperator.derivatives([2, 3, 5])(square(x))[0].slice(1..<11)
    // 2 x² + 3 (2x + 1) + 5 · 2
    let expected = (2 * square(x) + 3 * (2 * x + 1) + 10).slice(1..<11)
    expectClose(inside, expected, relative: 1e-14)
  }

  @Test func `filters are projected to a norm`() throws {
    let form = DerivativeOperator.filters(count: 8, size: 5, norm: 3, seed: 9, dtype: .float64)
    let limited = try form.projected(toNorm: 1, on: [16, 16])
    let norm = try limited.squaredNorm(on: [16, 16])
    #expect(norm <= 1.001 && norm > 0.99)
    let same = try limited.projected(toNorm: 2, on: [16, 16])
    #expect(same.filters?.values == limited.filters?.values)
    // The norm that random filters are made with is met roughly.
    let random = try form.squaredNorm(on: [16, 16]).squareRoot()
    #expect(random > 1.5 && random < 6, "\(random)")
  }
}
