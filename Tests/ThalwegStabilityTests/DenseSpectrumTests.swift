import Foundation
import Testing
import Thalweg
import ThalwegDynamics
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct DenseSpectrumTests {
  @Test func `the second difference has its closed-form spectrum`() throws {
    let s = try spectrum(of: ODE { _, y in laplacian(y) }, at: .zeros([60]))
    #expect(s.structure == .symmetric && s.method == .dense && s.isComplete && s.isConverged)
    expectClose(s.eigenvalues.map(\.real), laplacianEigenvalues(60), relative: 1e-14)
    expectClose(s.radius, -laplacianEigenvalues(60)[59], relative: 1e-14)
    expectClose(s.abscissa, laplacianEigenvalues(60)[0], absolute: 1e-14)
    #expect(s.residual < 1e-14)
  }

  @Test func `the second difference of a square has its closed-form spectrum`() throws {
    let s = try spectrum(of: ODE { _, y in squareLaplacian(y) }, at: .zeros([12, 12]))
    expectClose(s.eigenvalues.map(\.real), squareLaplacianEigenvalues(12), relative: 1e-14)
  }

  @Test func `circulant matrices have the eigenvalues of their symbol`() throws {
    // y'ᵢ = 0.3 yᵢ₋₁ - yᵢ + 0.9 yᵢ₊₁ - 0.2 yᵢ₊₂ around a ring.
    let weights = [(-1, 0.3), (0, -1.0), (1, 0.9), (2, -0.2)]
    let field = ODE { _, y in
      weights.map { Tensor($1) * y.shifted(by: -$0, along: 0, boundary: .periodic) }
        .reduce(Tensor.zeros([31]), +)
    }
    let s = try spectrum(of: field, at: .zeros([31]))
    let exact = (0..<31).map { k in
      weights.reduce(Complex(0)) { sum, term in
        let angle = 2 * Double.pi * Double(k * term.0) / 31
        return sum + Complex(term.1 * cos(angle), term.1 * sin(angle))
      }
    }
    #expect(s.structure == .general && s.eigenvalues.count == 31)
    #expect(largestDistance(exact, to: s.eigenvalues) < 1e-13)
    #expect(largestDistance(s.eigenvalues, to: exact) < 1e-13)
  }

  @Test func `rotations have imaginary eigenvalues without a real part`() throws {
    let field = ODE { _, y in [y[1], -y[0], 3 * y[3], -3 * y[2], 0 * y[4]] }
    let s = try spectrum(of: field, at: .zeros([5]), eigenvectors: true)
    #expect(s.structure == .antisymmetric)
    #expect(s.eigenvalues.allSatisfy { $0.real == 0 } && s.abscissa == 0)
    expectClose(
      s.eigenvalues.map(\.imaginary), [3, -3, 1, -1, 0], absolute: 1e-15)
    #expect(s.residual < 1e-15)
  }

  @Test func `a nilpotent matrix has eigenvalues near 0 that count as 0`() throws {
    let s = try spectrum(of: linear(matrix(2) { $1 == $0 + 1 ? 1 : 0 }), at: .zeros([2]))
    #expect(s.radius < 1e-7 && s.isStable(under: .euler, step: 100))
  }

  @Test(arguments: [5, 20, 60])
  func `invariants of random matrices are those of their eigenvalues`(size: Int) throws {
    let a = randomMatrix(size, seed: UInt64(size))
    let s = try spectrum(of: linear(a), at: .zeros([size]))
    let trace = (0..<size).reduce(0) { $0 + a.values[$1 * size + $1] }
    expectClose(s.eigenvalues.reduce(0) { $0 + $1.real }, trace, absolute: 1e-12)
    let exact = determinant(a)
    let logarithm = s.eigenvalues.reduce(0) { $0 + log($1.magnitude) }
    expectClose(logarithm, exact.logarithm, absolute: 1e-10)
    // Pairs multiply to positive numbers.
    let negative = s.eigenvalues.count { $0.imaginary == 0 && $0.real < 0 }
    #expect((negative % 2 == 0 ? 1 : -1) == exact.sign)
    #expect(s.residual < 1e-13)
  }

  @Test func `eigenvectors are turned into multiples of themselves`() throws {
    let a = randomMatrix(30, seed: 3)
    let s = try spectrum(of: linear(a), at: .zeros([30]), eigenvectors: true)
    let vectors = try #require(s.eigenvectors)
    #expect(vectors.count == 30 && s.residual < 1e-13)
    for (value, vector) in zip(s.eigenvalues, vectors) {
      let real = matmul(a, Tensor(vector.map(\.real))).values
      let imaginary = matmul(a, Tensor(vector.map(\.imaginary))).values
      for index in 0..<30 {
        let image = Complex(real[index], imaginary[index])
        #expect((image - value * vector[index]).magnitude < 1e-12)
      }
    }
  }

  @Test func `parts are those of all eigenvalues, with both of a pair`() throws {
    let field = linear(randomMatrix(40, seed: 8))
    let all = try spectrum(of: field, at: .zeros([40])).eigenvalues
    let right = try spectrum(of: field, at: .zeros([40]), .rightmost(4), by: .dense).eigenvalues
    #expect((4...5).contains(right.count))
    #expect(right.allSatisfy { value in right.contains { $0 == value.conjugate } })
    #expect(right.first == all.first)
    let ends = try spectrum(of: field, at: .zeros([40]), .bothEnds(2), by: .dense)
    #expect(ends.abscissa == all.map(\.real).max() && ends.leftmost == all.map(\.real).min())
  }

  @Test func `time and nonlinear states matter`() throws {
    let field = ODE { t, y in t * tanh(2 * y) }
    let s = try spectrum(of: field, at: [0.0, 0.5], time: 3)
    let slope = 6 * (1 - pow(tanh(1.0), 2))
    expectClose(s.eigenvalues.map(\.real), [6, slope], relative: 1e-14)
  }

  @Test func `states of several tensors and equations of second order have spectra`() throws {
    let oscillator = SecondOrderODE { _, q in -4 * q }
    let s = try spectrum(of: oscillator, at: [1.0, 2.0])
    #expect(largestDistance([Complex(0, 2), Complex(0, -2)], to: s.eigenvalues) < 1e-14)
    #expect(s.size == 4)
  }

  @Test func `single precision is measured by its own accuracy`() throws {
    let field = ODE { _, y in laplacian(y) }
    let s = try spectrum(of: field, at: .zeros([40], dtype: .float32))
    #expect(s.structure == .symmetric && s.dtype == .float32)
    expectClose(s.eigenvalues.map(\.real), laplacianEigenvalues(40), relative: 1e-6)
  }

  @Test func `a Jacobian that is not finite is an error with advice`() {
    let field = ODE { _, y in sqrt(y) }
    let error = #expect(throws: SpectrumError.self) { try spectrum(of: field, at: [0, 1]) }
    #expect(error == .notFinite)
    #expect(error?.description.contains("divide by 0") == true)
  }
}
