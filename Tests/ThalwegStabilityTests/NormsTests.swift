import Foundation
import Testing
import Thalweg
import ThalwegDynamics
import ThalwegKernels
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

/// The matrix with ones above its diagonal.
private func shift(_ size: Int) throws -> Jacobian {
  try Jacobian(at: Tensor.zeros([size])) { $0.shifted(by: -1, along: 0, boundary: .zero) }
}

private func jacobian(_ matrix: Tensor) throws -> Jacobian {
  try Jacobian(at: Tensor.zeros([matrix.shape[0]])) { matmul(matrix, $0) }
}

@Suite struct NormsTests {
  // The symmetric half of the shift has the eigenvalues cos(kπ / (n + 1)).
  @Test(arguments: [2, 9, 40, 120])
  func `the logarithmic norm of a shift is that of the closed form`(size: Int) throws {
    expectClose(
      try shift(size).logarithmicNorm(), cos(.pi / Double(size + 1)), relative: 1e-9)
    expectClose(try shift(size).norm(), 1, relative: 1e-9)
  }

  @Test func `growth at first is no slower than in the long run`() throws {
    let a = try jacobian(randomMatrix(50, seed: 6))
    let abscissa = try a.spectrum().abscissa
    #expect(try a.logarithmicNorm() > abscissa)
    #expect(try a.norm() > a.spectrum().radius)
  }

  @Test(arguments: [30, 100])
  func `the norm is the largest singular value`(size: Int) throws {
    let a = randomMatrix(size, seed: 12)
    let dense = DenseMatrix(rows: size, columns: size, a.transposed.values.map { Complex($0) })
    expectClose(
      try jacobian(a).norm(), try LAPACK.singularValues(dense)[0], relative: 1e-9)
  }

  @Test func `all entries are those of the matrix`() throws {
    let a = randomMatrix(7, seed: 2)
    expectClose(try jacobian(a).matrix(), a, relative: 1e-15)
    let v = Tensor.random([7], seed: 9)
    expectClose(
      try jacobian(a).transposedProduct(with: v.values), matmul(a.transposed, v).values,
      relative: 1e-14)
  }

  // Of the shift it is the disc of radius cos(π / (n + 1)).
  @Test(arguments: [2, 10, 50])
  func `the numerical range of a shift is a disc`(size: Int) throws {
    let range = try shift(size).numericalRange(directions: 16)
    #expect(range.boundary.count == 16)
    for distance in range.support {
      expectClose(distance, cos(.pi / Double(size + 1)), relative: 1e-8)
    }
    expectClose(range.radius, cos(.pi / Double(size + 1)), relative: 1e-6)
  }

  @Test func `the numerical range of a normal matrix reaches its eigenvalues`() throws {
    // Eigenvalues -1 ± 2i and -3.
    let range = try jacobian([[-1, 2, 0], [-2, -1, 0], [0, 0, -3]]).numericalRange(directions: 8)
    expectClose(range.abscissa, -1, relative: 1e-12)
    expectClose(range.support[2], 2, relative: 1e-12)
    expectClose(range.support[4], 3, relative: 1e-12)
    expectClose(range.boundary[2].imaginary, 2, relative: 1e-12)
  }

  @Test func `only normal matrices are normal`() throws {
    expectClose(try jacobian([[1, 7], [0, 2]]).departureFromNormality(), 7, relative: 1e-12)
    #expect(try jacobian([[1, 2], [-2, 1]]).departureFromNormality() == 0)
    expectClose(try shift(5).departureFromNormality(), 2, relative: 1e-12)
  }

  @Test func `pseudospectra of normal matrices measure the distance to eigenvalues`() throws {
    let p = try jacobian([[-1, 2, 0], [-2, -1, 0], [0, 0, -3]])
      .pseudospectrum(real: -4...1, imaginary: -2...2, points: 11)
    let eigenvalues = [Complex(-1, 2), Complex(-1, -2), Complex(-3)]
    for (row, y) in p.imaginary.enumerated() {
      for (column, x) in p.real.enumerated() {
        let distance = eigenvalues.map { ($0 - Complex(x, y)).magnitude }.min() ?? 0
        expectClose(p.values[row][column], distance, relative: 1e-5, absolute: 1e-12)
      }
    }
    #expect(p.abscissa(within: 1e-9) == -1)
  }

  @Test func `pseudospectra are smallest singular values`() throws {
    let a = randomMatrix(25, seed: 31)
    let p = try jacobian(a).pseudospectrum(real: -2...2, imaginary: 0...2, points: 4)
    for (row, y) in p.imaginary.enumerated() {
      for (column, x) in p.real.enumerated() {
        let shifted = DenseMatrix(rows: 25, columns: 25) { i, j in
          Complex(i == j ? x : 0, i == j ? y : 0) - Complex(a.values[25 * i + j])
        }
        let smallest = try LAPACK.singularValues(shifted)[24]
        expectClose(p.values[row][column], smallest, relative: 1e-5)
      }
    }
  }
}

@Suite struct ConvolutionNormTests {
  private static let kernel = Tensor.random([4, 3, 3, 3], seed: 5)

  /// The norm of the same convolution from all its entries.
  private func denseNorm(_ kernel: Tensor, _ side: Int, _ boundary: Boundary) throws -> Double {
    let shape: Shape = [1, kernel.shape[1], side, side]
    let filters = kernel.shape[0] * side * side
    let columns = (0..<shape.elementCount).flatMap { index -> [Complex] in
      let unit = Tensor((0..<shape.elementCount).map { $0 == index ? 1 : 0 }, shape: shape)
      return convolution(unit, kernel, boundary: boundary).values.map { Complex($0) }
    }
    let matrix = DenseMatrix(rows: filters, columns: shape.elementCount, columns)
    return try LAPACK.singularValues(matrix)[0]
  }

  @Test(arguments: [5, 6])
  func `periodic norms are exact`(side: Int) throws {
    let norm = try ConvolutionNorm(of: Self.kernel, height: side, width: side, boundary: .periodic)
    expectClose(norm.value, try denseNorm(Self.kernel, side, .periodic), relative: 1e-12)
    #expect(norm.bound == norm.value)
  }

  @Test(arguments: [5, 6])
  func `norms with zeros outside are found and bounded`(side: Int) throws {
    let norm = try ConvolutionNorm(of: Self.kernel, height: side, width: side)
    expectClose(norm.value, try denseNorm(Self.kernel, side, .zero), relative: 1e-9)
    #expect(norm.bound >= norm.value && norm.bound < 1.5 * norm.value)
  }

  @Test func `the second difference has its closed-form norm`() throws {
    let stencil: Tensor = [[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]]
    let periodic = try ConvolutionNorm(of: stencil, height: 16, width: 20, boundary: .periodic)
    expectClose(periodic.value, 8, relative: 1e-14)
    let zero = try ConvolutionNorm(of: stencil, height: 16, width: 16)
    expectClose(zero.value, 4 + 4 * cos(.pi / 17), relative: 1e-9)
    #expect(zero.bound <= 8.000_001 && zero.bound >= zero.value)
  }

  @Test func `groups do not mix`() throws {
    let grouped = Tensor.random([4, 2, 3, 3], seed: 6)
    let norm = try ConvolutionNorm(
      of: grouped, height: 6, width: 6, boundary: .periodic, groups: 2)
    let parts = try (0..<2).map { group in
      try ConvolutionNorm(
        of: grouped.slice(2 * group..<2 * group + 2, along: 0), height: 6, width: 6,
        boundary: .periodic
      ).value
    }
    expectClose(norm.value, parts.max() ?? 0, relative: 1e-14)
  }
}
