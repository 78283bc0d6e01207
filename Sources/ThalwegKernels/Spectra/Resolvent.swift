internal import CLAPACKE
internal import COpenBLAS
internal import Glibc

extension LAPACK {
  /// The smallest singular value of zI - T for a triangular T, by Lanczos on the inverse.
  ///
  /// - Source: L. N. Trefethen, "Computation of pseudospectra", Acta Numerica 8 (1999), 247-295,
  ///   doi:10.1017/S0962492900002932.
  package static func smallestSingularValue(
    of triangle: DenseMatrix<Complex>, shiftedBy z: Complex, relativeError: Double = 1e-6
  ) throws(LAPACKError) -> Double {
    let n = triangle.rows
    guard n > 0 else { return .infinity }
    useOneThreadOfBLAS()
    var shifted = triangle.values
    for index in 0..<n {
      shifted[index * n + index] = triangle[row: index, column: index] - z
      if shifted[index * n + index] == 0 { return 0 }
    }
    var lanczos = InverseLanczos(shifted, n)
    var (previous, value) = (0.0, 0.0)
    for _ in 0..<Swift.min(n, 100) {
      let isExhausted = lanczos.step()
      value = try lanczos.largestValue()
      // Values beyond the range of numbers: z is an eigenvalue as far as can be told.
      guard value.isFinite else { return 0 }
      if isExhausted || (value - previous).magnitude <= relativeError * value { break }
      previous = value
    }
    return 1 / value.squareRoot()
  }
}

/// Lanczos steps with (T*T)⁻¹ for a triangular T.
private struct InverseLanczos {
  private let triangle: [Complex]
  private let size: Int32
  private var current: [Complex]
  private var before: [Complex]
  private var diagonal: [Double] = []
  private var besides: [Double] = []

  init(_ triangle: [Complex], _ n: Int) {
    self.triangle = triangle
    size = Int32(n)
    // Any vector without symmetries will do.
    let start = (0..<n).map { Complex(1 + 0.5 * sin(Double($0)), 0.5 * sin(2.0 * Double($0))) }
    current = start.map { $0 * Complex(1 / norm(start)) }
    before = [Complex](repeating: 0, count: n)
  }

  /// Extends the basis; true where it spans all that can be reached.
  mutating func step() -> Bool {
    var next = current
    solve(&next, transposed: true)
    solve(&next, transposed: false)
    let overlap = zip(current, next).reduce(0.0) { sum, pair in
      sum + pair.0.real * pair.1.real + pair.0.imaginary * pair.1.imaginary
    }
    let back = Complex(besides.last ?? 0)
    for index in next.indices {
      next[index] = next[index] - Complex(overlap) * current[index] - back * before[index]
    }
    let length = norm(next)
    diagonal.append(overlap)
    besides.append(length)
    guard length > 1e-14 * overlap.magnitude, length.isFinite else { return true }
    before = current
    current = next.map { $0 * Complex(1 / length) }
    return false
  }

  /// The largest eigenvalue of the tridiagonal matrix of the steps.
  func largestValue() throws(LAPACKError) -> Double {
    guard diagonal.allSatisfy(\.isFinite), besides.allSatisfy(\.isFinite) else { return .infinity }
    var (values, others) = (diagonal, besides)
    try LAPACKError.check(LAPACKE_dsterf(Int32(values.count), &values, &others), "dsterf")
    return values.last ?? 0
  }

  private func solve(_ vector: inout [Complex], transposed: Bool) {
    vector.withUnsafeMutableBytes { vector in
      triangle.withUnsafeBytes { triangle in
        cblas_ztrsv(
          CblasColMajor, CblasUpper, transposed ? CblasConjTrans : CblasNoTrans, CblasNonUnit,
          size, triangle.baseAddress, size, vector.baseAddress, 1)
      }
    }
  }
}

private func norm(_ vector: [Complex]) -> Double {
  vector.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot()
}
