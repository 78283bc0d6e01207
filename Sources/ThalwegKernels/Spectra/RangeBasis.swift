internal import CLAPACKE
internal import COpenBLAS

/// A matrix of low rank as the product of an orthonormal basis Q of its range and B = QᵀA.
///
/// A = QB has the eigenvalues of the smaller matrix BQ and 0, as often as there are rows less in it.
/// Jacobians of networks are often of such a kind: where a unit of relu rests, so does all behind it.
///
/// The basis comes from random sums of the columns, of which it takes some more than the rank: the last
/// directions of the range are seen in those alone without rounding being amplified. What the product
/// misses is measured: it is of the size of rounding, or there is no basis.
///
/// - Cost: with rank r ≤ 3n/4 about n³ + 4 n² r multiply-adds, in products of matrices, where all
///   eigenvalues of a matrix take 10 n³, many of them in products with vectors; n³ to find that the
///   rank is larger.
/// - Source: N. Halko, P. G. Martinsson, J. A. Tropp, "Finding Structure with Randomness", SIAM Review
///   53 (2011), arXiv:0909.4061.
struct RangeBasis {
  /// The number of columns of the basis.
  private let width: Int
  /// Orthonormal columns.
  private let basis: [Double]
  private let matrix: DenseMatrix<Double>

  private static let smallestOrder = 256
  /// The columns beyond the rank.
  private static let excess = 32

  /// The basis, if the rank is low enough for it to be worth while.
  init?(of matrix: DenseMatrix<Double>) throws(LAPACKError) {
    let n = matrix.rows
    guard n == matrix.columns, n >= Self.smallestOrder else { return nil }
    let (rows, columns) = (Int32(n), 3 * n / 4)
    var sums = Self.sums(of: matrix, columns)
    var factors = [Double](repeating: 0, count: columns)
    try LAPACKError.check(
      LAPACKE_dgeqrf(LAPACK_COL_MAJOR, rows, Int32(columns), &sums, rows, &factors), "dgeqrf")
    let diagonal = (0..<columns).map { sums[$0 * n + $0].magnitude }
    let noise = Double(n) * .ulpOfOne * (diagonal.max() ?? 0)
    guard let rank = diagonal.firstIndex(where: { $0 <= noise }), rank > 0 else { return nil }
    width = Swift.min(rank + Self.excess, columns)
    try LAPACKError.check(
      LAPACKE_dorgqr(
        LAPACK_COL_MAJOR, rows, Int32(width), Int32(width), &sums, rows, factors), "dorgqr")
    self.matrix = matrix
    basis = Array(sums[..<(n * width)])
  }

  /// The small matrix, if the basis is one of the whole range.
  func reduced() -> DenseMatrix<Double>? {
    let (n, r) = (Int32(matrix.rows), Int32(width))
    var parts = [Double](repeating: 0, count: width * matrix.rows)
    cblas_dgemm(
      CblasColMajor, CblasTrans, CblasNoTrans, r, n, n, 1, basis, n, matrix.values, n, 0, &parts, r)
    var missed = matrix.values
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, r, -1, basis, n, parts, r, 1, &missed, n)
    let bound = 64 * Double.ulpOfOne * cblas_dnrm2(n * n, matrix.values, 1)
    guard cblas_dnrm2(n * n, missed, 1) <= bound else { return nil }
    var product = [Double](repeating: 0, count: width * width)
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, r, r, n, 1, parts, r, basis, n, 0, &product, r)
    return DenseMatrix(rows: width, columns: width, product)
  }

  /// Random sums of all columns.
  private static func sums(of matrix: DenseMatrix<Double>, _ count: Int) -> [Double] {
    let n = matrix.rows
    var state: UInt64 = 0
    let weights = (0..<n * count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      let mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      return Double(Int64(bitPattern: mixed ^ (mixed >> 27))) * 0x1p-63
    }
    var sums = [Double](repeating: 0, count: n * count)
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(count), Int32(n), 1,
      matrix.values, Int32(n), weights, Int32(n), 0, &sums, Int32(n))
    return sums
  }
}
