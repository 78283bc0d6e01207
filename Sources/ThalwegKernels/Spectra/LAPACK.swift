internal import CLAPACKE

/// The decompositions of LAPACK that spectra are computed from.
///
/// All of them run on one thread, so that results do not depend on the number of processors.
///
/// - Source: E. Anderson et al., "LAPACK Users' Guide", SIAM, 1999, doi:10.1137/1.9780898719604.
package enum LAPACK {
  /// What complex numbers of Swift are to LAPACK.
  typealias Element = lapacke_complex_f64

  /// Values of a decomposition with the vectors that belong to them, in columns, where wanted.
  package struct Eigensystem<Value: Sendable, Scalar: Sendable>: Sendable {
    package let values: [Value]
    package let vectors: DenseMatrix<Scalar>?
  }

  /// The eigenvalues of a matrix, with vectors of length 1 where wanted.
  package static func eigenvalues(
    _ matrix: DenseMatrix<Double>, vectors: Bool = false
  ) throws(LAPACKError) -> Eigensystem<Complex, Complex> {
    let n = try order(of: matrix, matrix.values.allSatisfy(\.isFinite))
    guard n > 0 else { return Eigensystem(values: [], vectors: nil) }
    if !vectors, let small = try RangeBasis(of: matrix)?.reduced() {
      let zeros = [Complex](repeating: 0, count: n - small.rows)
      return Eigensystem(values: try eigenvalues(small).values + zeros, vectors: nil)
    }
    var (a, left) = (matrix.values, 0.0)
    var real = [Double](repeating: 0, count: n)
    var imaginary = real
    var right = [Double](repeating: 0, count: vectors ? n * n : 1)
    let size = Int32(n)
    let code = LAPACKE_dgeev(
      LAPACK_COL_MAJOR, letter("N"), letter(vectors ? "V" : "N"), size, &a, size, &real,
      &imaginary, &left, size, &right, size)
    try LAPACKError.check(code, "dgeev")
    let values = zip(real, imaginary).map { Complex($0, $1) }
    guard vectors else { return Eigensystem(values: values, vectors: nil) }
    return Eigensystem(values: values, vectors: paired(right, imaginary))
  }

  /// The eigenvalues of a symmetric matrix in ascending order.
  package static func symmetricEigenvalues(
    _ matrix: DenseMatrix<Double>, vectors: Bool = false
  ) throws(LAPACKError) -> Eigensystem<Double, Double> {
    let n = try order(of: matrix, matrix.values.allSatisfy(\.isFinite))
    guard n > 0 else { return Eigensystem(values: [], vectors: nil) }
    var a = matrix.values
    var values = [Double](repeating: 0, count: n)
    let code = LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, letter(vectors ? "V" : "N"), letter("L"), Int32(n), &a, Int32(n),
      &values)
    try LAPACKError.check(code, "dsyevd")
    return Eigensystem(
      values: values, vectors: vectors ? DenseMatrix(rows: n, columns: n, a) : nil)
  }

  /// The eigenvalues of a Hermitian matrix in ascending order.
  package static func hermitianEigenvalues(
    _ matrix: DenseMatrix<Complex>, vectors: Bool = false
  ) throws(LAPACKError) -> Eigensystem<Double, Complex> {
    let n = try order(of: matrix, matrix.values.allSatisfy(\.isFinite))
    guard n > 0 else { return Eigensystem(values: [], vectors: nil) }
    var a = roomy(matrix)
    var values = [Double](repeating: 0, count: n)
    let code = withElements(of: &a) { elements in
      LAPACKE_zheevd(
        LAPACK_COL_MAJOR, letter(vectors ? "V" : "N"), letter("L"), Int32(n), elements, Int32(n),
        &values)
    }
    try LAPACKError.check(code, "zheevd")
    return Eigensystem(
      values: values,
      vectors: vectors ? DenseMatrix(rows: n, columns: n, Array(a.prefix(n * n))) : nil)
  }

  /// The eigenvalues of a complex matrix.
  package static func eigenvalues(
    _ matrix: DenseMatrix<Complex>
  ) throws(LAPACKError) -> [Complex] {
    let n = try order(of: matrix, matrix.values.allSatisfy(\.isFinite))
    guard n > 0 else { return [] }
    var (a, values) = (roomy(matrix), [Complex](repeating: 0, count: n))
    var (left, right) = ([Complex(0)], [Complex(0)])
    let size = Int32(n)
    let code = withElements(of: &a) { elements in
      withElements(of: &values) { values in
        withElements(of: &left) { left in
          withElements(of: &right) { right in
            LAPACKE_zgeev(
              LAPACK_COL_MAJOR, letter("N"), letter("N"), size, elements, size, values, left, size,
              right, size)
          }
        }
      }
    }
    try LAPACKError.check(code, "zgeev")
    return values
  }

  /// The singular values of a complex matrix in descending order.
  package static func singularValues(
    _ matrix: DenseMatrix<Complex>
  ) throws(LAPACKError) -> [Double] {
    guard matrix.values.allSatisfy(\.isFinite) else { throw .notFinite }
    guard matrix.rows > 0, matrix.columns > 0 else { return [] }
    useOneThreadOfBLAS()
    var a = roomy(matrix)
    var values = [Double](repeating: 0, count: Swift.min(matrix.rows, matrix.columns))
    var (left, right) = ([Complex(0)], [Complex(0)])
    let (rows, columns) = (Int32(matrix.rows), Int32(matrix.columns))
    let code = withElements(of: &a) { elements in
      withElements(of: &left) { left in
        withElements(of: &right) { right in
          LAPACKE_zgesdd(
            LAPACK_COL_MAJOR, letter("N"), rows, columns, elements, rows, &values, left, rows,
            right, columns)
        }
      }
    }
    try LAPACKError.check(code, "zgesdd")
    return values
  }

  /// The upper triangular factor T of a matrix QTQ*, which has its eigenvalues on the diagonal.
  package static func schurForm(
    _ matrix: DenseMatrix<Complex>
  ) throws(LAPACKError) -> DenseMatrix<Complex> {
    let n = try order(of: matrix, matrix.values.allSatisfy(\.isFinite))
    guard n > 0 else { return matrix }
    var (a, values, vectors) = (
      roomy(matrix), [Complex](repeating: 0, count: n), [Complex(0)]
    )
    var sorted: Int32 = 0
    let size = Int32(n)
    let code = withElements(of: &a) { elements in
      withElements(of: &values) { values in
        withElements(of: &vectors) { vectors in
          LAPACKE_zgees(
            LAPACK_COL_MAJOR, letter("N"), letter("N"), nil, size, elements, size, &sorted, values,
            vectors, size)
        }
      }
    }
    try LAPACKError.check(code, "zgees")
    return DenseMatrix(rows: n, columns: n) { row, column in
      row <= column ? a[column * n + row] : 0
    }
  }

  // MARK: - Helpers

  static func letter(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }

  private static func order<Scalar>(
    of matrix: DenseMatrix<Scalar>, _ isFinite: Bool
  ) throws(LAPACKError) -> Int {
    require(
      matrix.rows == matrix.columns,
      "eigenvalues: a matrix of \(matrix.rows) rows and \(matrix.columns) columns")
    guard isFinite else { throw .notFinite }
    useOneThreadOfBLAS()
    return matrix.rows
  }

  /// The elements, and a column more.
  ///
  /// OpenBLAS (0.3.21, AVX2) reads one element behind a complex vector that it multiplies by a matrix, and
  /// does not use it. Behind a row of the matrix that is one in a column that is not there: at the end of
  /// the heap the process ends.
  private static func roomy(_ matrix: DenseMatrix<Complex>) -> [Complex] {
    matrix.values + [Complex](repeating: 0, count: matrix.rows)
  }

  private static func withElements<Result>(
    of numbers: inout [Complex], _ body: (UnsafeMutablePointer<Element>?) -> Result
  ) -> Result {
    numbers.withUnsafeMutableBytes { body($0.assumingMemoryBound(to: Element.self).baseAddress) }
  }

  /// Complex vectors from real columns, of which two hold those of a pair of eigenvalues.
  static func paired(_ columns: [Double], _ imaginary: [Double]) -> DenseMatrix<Complex> {
    let n = columns.count / Swift.max(imaginary.count, 1)
    return DenseMatrix(rows: n, columns: imaginary.count) { row, column in
      func part(_ column: Int) -> Double { columns[column * n + row] }
      // The first of a pair has the positive imaginary part.
      if imaginary[column] > 0 { return Complex(part(column), part(column + 1)) }
      if imaginary[column] < 0 { return Complex(part(column - 1), -part(column)) }
      return Complex(part(column))
    }
  }
}
