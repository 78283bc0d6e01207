import Foundation
import Testing
import ThalwegKernels

/// Eigenvalues of matrices of low rank, which are computed in a basis of their range.
@Suite struct RangeBasisTests {
  private var generator = Seeded(state: 7)

  private mutating func random(_ rows: Int, _ columns: Int) -> DenseMatrix<Double> {
    DenseMatrix(
      rows: rows, columns: columns,
      (0..<rows * columns).map { _ in .random(in: -1...1, using: &generator) })
  }

  private func product(
    _ a: DenseMatrix<Double>, _ b: DenseMatrix<Double>
  ) -> DenseMatrix<Double> {
    DenseMatrix(rows: a.rows, columns: b.columns) { row, column in
      (0..<a.columns).reduce(0) { $0 + a[row: row, column: $1] * b[row: $1, column: column] }
    }
  }

  private func ordered(_ values: [Complex]) -> [Complex] {
    values.sorted {
      ($0.real.rounded(to: 1e-6), $0.imaginary) < ($1.real.rounded(to: 1e-6), $1.imaginary)
    }
  }

  private func difference(_ a: [Complex], _ b: [Complex]) -> Double {
    zip(ordered(a), ordered(b)).map { ($0 - $1).magnitude }.max() ?? .infinity
  }

  /// UV has the eigenvalues of VU, and zeros.
  @Test(arguments: [1, 60, 150], [1, 2]) mutating func `low rank`(rank: Int, gap: Int) throws {
    let (u, entries) = (random(300, rank), random(rank, 300))
    // With a gap of 2, half of the columns are 0, as for inputs that nothing looks at.
    let v = DenseMatrix(rows: rank, columns: 300) { row, column in
      column % gap > 0 ? 0 : entries[row: row, column: column]
    }
    let values = try LAPACK.eigenvalues(product(u, v)).values
    let expected = try LAPACK.eigenvalues(product(v, u)).values
    #expect(values.count == 300)
    // Only in a basis are they exact.
    #expect(values.count { $0.magnitude == 0 } >= 300 - rank - 40)
    let largest = expected.map(\.magnitude).max() ?? 0
    let nonzero = values.filter { $0.magnitude > 1e-9 * largest }
    #expect(nonzero.count == rank)
    #expect(difference(nonzero, expected) < 1e-11 * largest)
  }

  /// The vectors are computed without a basis, and the values with them.
  @Test mutating func `full rank`() throws {
    let full = random(260, 260)
    let values = try LAPACK.eigenvalues(full).values
    let expected = try LAPACK.eigenvalues(full, vectors: true).values
    let largest = expected.map(\.magnitude).max() ?? 0
    #expect(difference(values, expected) < 1e-11 * largest)
  }

  /// Eigenvalues from 1 to 1e-26, with sines for vectors: none may be taken for 0 too early.
  @Test func `a rank that fades`() throws {
    let n = 260
    let values = (0..<n).map { pow(10, -Double($0) / 10) }
    let sines = (0..<n * n).map { place in
      let (i, k) = (place % n + 1, place / n + 1)
      return (2 / Double(n + 1)).squareRoot()
        * sin(Double(i * k % (2 * n + 2)) * .pi / Double(n + 1))
    }
    let matrix = DenseMatrix(rows: n, columns: n) { row, column in
      var sum = 0.0
      for k in 0..<n { sum += values[k] * sines[k * n + row] * sines[k * n + column] }
      return sum
    }
    let found = try LAPACK.eigenvalues(matrix).values
    #expect(found.allSatisfy { $0.imaginary.magnitude < 1e-13 })
    for (one, other) in zip(found.map(\.real).sorted(by: >), values) {
      #expect((one - other).magnitude < 1e-13)
    }
  }
}

extension Double {
  fileprivate func rounded(to unit: Double) -> Double { (self / unit).rounded() }
}

private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
