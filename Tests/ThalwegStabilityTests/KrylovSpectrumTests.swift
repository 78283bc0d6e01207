import Foundation
import Testing
import Thalweg
import ThalwegDynamics
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

@Suite struct KrylovSpectrumTests {
  private static let size = 300
  private static let general = linear(randomMatrix(size, seed: 21))
  private static let state = Tensor.zeros([size])

  @Test(arguments: [
    Spectrum.Part.largest(4), .rightmost(6), .leftmost(5), .bothEnds(3), .outline(4),
  ])
  func `products find what all entries show`(part: Spectrum.Part) throws {
    let dense = try spectrum(of: Self.general, at: Self.state, part, by: .dense)
    let krylov = try spectrum(of: Self.general, at: Self.state, part, by: .krylov)
    #expect(krylov.method == .krylov && krylov.isConverged && krylov.residual <= 1e-8)
    #expect(krylov.structure == .general && krylov.products < 6_000)
    // A pair may be cut where it is the last one.
    #expect(krylov.eigenvalues.count >= dense.eigenvalues.count - part.ends)
    let all = try spectrum(of: Self.general, at: Self.state).eigenvalues
    #expect(largestDistance(krylov.eigenvalues, to: all) < 1e-6 * dense.radius)
    expectClose(krylov.radius, dense.radius, relative: 1e-7)
    expectClose(krylov.abscissa, dense.abscissa, relative: 1e-7)
  }

  @Test func `the ends of a symmetric spectrum are those of the closed form`() throws {
    let side = 40
    let field = ODE { _, y in squareLaplacian(y) }
    let exact = squareLaplacianEigenvalues(side)
    let s = try spectrum(of: field, at: .zeros([side, side]), .leftmost(6), eigenvectors: true)
    #expect(s.structure == .symmetric && s.method == .krylov && s.isConverged)
    #expect(s.eigenvalues.allSatisfy { $0.imaginary == 0 } && s.residual <= 1e-8)
    expectClose(s.leftmost, exact[side * side - 1], relative: 1e-9)
    #expect(largestDistance(s.eigenvalues, to: exact.map { Complex($0) }) < 1e-7)
    let both = try spectrum(of: field, at: .zeros([side, side]))
    expectClose(both.abscissa, exact[0], absolute: 1e-7)
    expectClose(both.radius, -exact[side * side - 1], relative: 1e-9)
  }

  @Test func `rotations are found in pairs without a real part`() throws {
    // Waves on a ring, carried by central differences: ±i sin(2πk/n), each twice.
    let n = 601
    let field = ODE { _, y in
      0.5 * y.shifted(by: 1, along: 0, boundary: .periodic)
        - 0.5 * y.shifted(by: -1, along: 0, boundary: .periodic)
    }
    let s = try spectrum(of: field, at: .zeros([n]), .largest(4), eigenvectors: true)
    #expect(s.structure == .antisymmetric && s.residual < 1e-7)
    #expect(s.eigenvalues.allSatisfy { $0.real == 0 } && s.abscissa == 0)
    let largest = sin(2 * Double.pi * 150 / Double(n))
    expectClose(s.radius, largest, relative: 1e-9)
    #expect(s.eigenvalues.count >= 2)
  }

  @Test func `an eigenvalue that fills half of the space is reported and not listed`() throws {
    // -Kᵀ D K with every second diagonal entry 0, as dead units of relu have it.
    let n = 600
    let k = (0.5 / Double(n).squareRoot()) * randomMatrix(n, seed: 4)
    let mask = Tensor((0..<n).map { $0 % 2 == 0 ? 1.0 : 0 })
    let field = ODE { _, y in -matmul(k.transposed, mask * matmul(k, y)) }
    let s = try spectrum(of: field, at: .zeros([n]), .rightmost(20), by: .krylov)
    let copies = s.remarks.compactMap { remark -> Int? in
      if case .repeated(let value, let copies) = remark, value.magnitude < 1e-6 {
        copies
      } else {
        nil
      }
    }
    #expect(copies.count == 1)
    // The share of a random vector in half of all dimensions.
    #expect((240...360).contains(copies.first ?? 0))
    #expect(s.abscissa.magnitude < 1e-7)
    #expect(s.description.contains("occurs about"))
  }

  @Test func `a field that does not depend on its state has eigenvalues 0`() throws {
    let s = try spectrum(of: ODE { t, y in 0 * y + 1 }, at: .zeros([700]))
    #expect(s.eigenvalues == [0] && s.radius == 0)
    #expect(s.remarks == [.repeated(eigenvalue: 0, copies: 700)])
  }

  @Test func `results are the same in every run`() throws {
    let first = try spectrum(of: Self.general, at: Self.state, .rightmost(3), by: .krylov)
    let second = try spectrum(of: Self.general, at: Self.state, .rightmost(3), by: .krylov)
    #expect(first.eigenvalues == second.eigenvalues && first.products == second.products)
  }

  @Test func `single precision reaches its own accuracy`() throws {
    let field = ODE { _, y in squareLaplacian(y.to(.float64)).to(y.dtype) }
    let y = Tensor.zeros([30, 30], dtype: .float32)
    let s = try spectrum(of: field, at: y, .leftmost(2))
    #expect(s.isConverged)
    expectClose(s.leftmost, squareLaplacianEigenvalues(30)[899], relative: 1e-5)
  }

  @Test func `what cannot be found is said`() throws {
    // The right end of a long line: gaps of a millionth of the spectrum.
    let s = try spectrum(of: ODE { _, y in laplacian(y) }, at: .zeros([4_000]), .rightmost(8))
    #expect(!s.isConverged && s.residual > 0)
    #expect(s.abscissa <= 0 && s.abscissa > -0.1)
  }
}

extension Spectrum.Part {
  fileprivate var ends: Int { self == .outline(4) ? 4 : self == .bothEnds(3) ? 2 : 1 }
}
