internal import CLAPACKE

extension LAPACK {
  /// A real matrix as ZTZᵀ with a T that is triangular but for blocks of pairs.
  struct RealSchurForm {
    let triangle: DenseMatrix<Double>
    let vectors: DenseMatrix<Double>
    let values: [Complex]
  }

  /// The real Schur form of a matrix.
  static func realSchurForm(_ matrix: DenseMatrix<Double>) throws(LAPACKError) -> RealSchurForm {
    guard matrix.values.allSatisfy(\.isFinite) else { throw .notFinite }
    useOneThreadOfBLAS()
    let n = Int32(matrix.rows)
    var (a, z) = (matrix.values, matrix.values)
    var real = [Double](repeating: 0, count: matrix.rows)
    var imaginary = real
    var sorted: Int32 = 0
    let code = LAPACKE_dgees(
      LAPACK_COL_MAJOR, letter("V"), letter("N"), nil, n, &a, n, &sorted, &real, &imaginary, &z, n)
    try LAPACKError.check(code, "dgees")
    return RealSchurForm(
      triangle: DenseMatrix(rows: matrix.rows, columns: matrix.rows, a),
      vectors: DenseMatrix(rows: matrix.rows, columns: matrix.rows, z),
      values: zip(real, imaginary).map { Complex($0, $1) })
  }

  /// The eigenvectors of the matrix of a Schur form, in columns.
  static func eigenvectors(
    of form: RealSchurForm
  ) throws(LAPACKError) -> DenseMatrix<Complex> {
    let n = Int32(form.triangle.rows)
    var (triangle, columns, left) = (form.triangle.values, form.vectors.values, 0.0)
    var (selection, found): (Int32, Int32) = (0, 0)
    let code = LAPACKE_dtrevc(
      LAPACK_COL_MAJOR, letter("R"), letter("B"), &selection, n, &triangle, n, &left, n, &columns,
      n, n, &found)
    try LAPACKError.check(code, "dtrevc")
    return paired(columns, form.values.map(\.imaginary))
  }

  /// The part of a Schur form that belongs to selected eigenvalues, which are moved to the front.
  static func reordered(
    _ triangle: DenseMatrix<Double>, _ vectors: DenseMatrix<Double>, _ selection: [Int32]
  ) throws(LAPACKError) -> (triangle: DenseMatrix<Double>, rotation: DenseMatrix<Double>) {
    let n = triangle.rows
    var (t, z) = (triangle.values, vectors.values)
    var real = [Double](repeating: 0, count: n)
    var imaginary = real
    var (found, condition, separation): (Int32, Double, Double) = (0, 0, 0)
    // The plain interface leaves out the second workspace, to which the routine writes all the same.
    var (work, places) = (real, [Int32(0)])
    let code = LAPACKE_dtrsen_work(
      LAPACK_COL_MAJOR, letter("N"), letter("V"), selection, Int32(n), &t, Int32(n), &z, Int32(n),
      &real, &imaginary, &found, &condition, &separation, &work, Int32(n), &places, 1)
    try LAPACKError.check(code, "dtrsen")
    let count = Int(found)
    return (
      DenseMatrix(rows: count, columns: count) { t[$1 * n + $0] },
      DenseMatrix(rows: n, columns: count, Array(z.prefix(n * count)))
    )
  }
}
