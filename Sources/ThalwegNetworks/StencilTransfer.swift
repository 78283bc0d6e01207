import ThalwegKernels
public import ThalwegTensors

/// How filters of 3 × 3 pixels are carried over to images of another resolution.
///
///     let fine = StencilTransfer.differences.finer(kernel)      // for twice the resolution
///     let coarse = StencilTransfer.galerkin.coarser(kernel)     // for half of it
///
/// Both are linear maps M of a filter's columns and rows, θ ← M θ Mᵀ. Going there and back gives the
/// same filter.
///
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 2.2; the Galerkin operator
///   as in multigrid methods.
public enum StencilTransfer: String, Hashable, Sendable, CaseIterable {
  /// A filter is a sum of differences, θ = A(h) β, with A(h) columns [1 2 1]/4, [-1 0 1]/2h and
  /// [-1 2 -1]/h²: the differential operator β stays, and the width h of a pixel changes.
  case differences
  /// The coarse operator is R K P: pixels are repeated twice, filtered, and averaged by two.
  case galerkin

  /// The filters for twice the resolution.
  ///
  /// - Errors: traps where filters are not 3 × 3.
  public func finer(_ kernel: Tensor) -> Tensor { applied(inverse(toCoarser), to: kernel) }

  /// The filters for half the resolution.
  ///
  /// - Errors: traps where filters are not 3 × 3.
  public func coarser(_ kernel: Tensor) -> Tensor { applied(toCoarser, to: kernel) }

  /// The map of three numbers in a line, by rows.
  private var toCoarser: [[Double]] {
    switch self {
    case .galerkin: [[0.5, 0, 0], [0.5, 1, 0.5], [0, 0, 0.5]]
    case .differences: product(differences(2), inverse(differences(1)))
    }
  }

  /// The matrix A(h).
  private func differences(_ h: Double) -> [[Double]] {
    let (first, second) = (1 / (2 * h), 1 / (h * h))
    return [[0.25, -first, -second], [0.5, 0, 2 * second], [0.25, first, -second]]
  }

  private func applied(_ map: [[Double]], to kernel: Tensor) -> Tensor {
    require(
      kernel.rank == 4 && kernel.shape[2] == 3 && kernel.shape[3] == 3,
      "stencil transfer: filters \(kernel.shape) are not 3 × 3")
    let matrix = Tensor(map.flatMap { $0 }, shape: [3, 3], dtype: kernel.dtype)
    let rows = kernel.reshaped(to: [kernel.count / 9, 3, 3])
    return matmul(matmul(matrix, rows), matrix.transposed).reshaped(to: kernel.shape)
  }
}

private func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
  a.map { row in (0..<3).map { j in (0..<3).reduce(0) { $0 + row[$1] * b[$1][j] } } }
}

/// The inverse of a matrix of three rows, by cofactors.
private func inverse(_ m: [[Double]]) -> [[Double]] {
  func cofactor(_ i: Int, _ j: Int) -> Double {
    let (r, s) = ((i + 1) % 3, (i + 2) % 3)
    let (c, d) = ((j + 1) % 3, (j + 2) % 3)
    return m[r][c] * m[s][d] - m[r][d] * m[s][c]
  }
  let determinant = (0..<3).reduce(0) { $0 + m[0][$1] * cofactor(0, $1) }
  return (0..<3).map { i in (0..<3).map { j in cofactor(j, i) / determinant } }
}
