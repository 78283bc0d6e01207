/// An eigenvalue problem of a matrix that is known by its products alone.
package struct KrylovProblem: Sendable {
  /// Which eigenvalues are wanted.
  package enum Target: Sendable {
    /// Those of the largest magnitude.
    case largest
    /// Those of the largest real part.
    case rightmost
    /// Those of the smallest real part.
    case leftmost
    /// Those of the largest imaginary part, for matrices that are not symmetric.
    case mostImaginary

    /// How much a value is wanted.
    package func rank(_ value: Complex) -> Double {
      switch self {
      case .largest: value.magnitude
      case .rightmost: value.real
      case .leftmost: -value.real
      case .mostImaginary: value.imaginary.magnitude
      }
    }
  }

  package let size: Int
  package let count: Int
  package let target: Target
  /// Whether products are with a symmetric matrix, so that three vectors in a row are enough.
  package let isSymmetric: Bool
  /// The number of vectors of a subspace.
  package let basis: Int
  /// The largest error of a value, relative to its magnitude.
  package let tolerance: Double
  /// What errors of smaller values are relative to; for matrices that are not symmetric.
  package let unit: Double
  package let maximumRestarts: Int
  /// What the first subspace grows from.
  package let start: [Double]

  package init(
    size: Int, count: Int, target: Target, isSymmetric: Bool, basis: Int? = nil,
    tolerance: Double, unit: Double = 0, maximumRestarts: Int, start: [Double]
  ) {
    require(
      count > 0 && count < size - 1, "Krylov: \(count) eigenvalues of a matrix of order \(size)")
    require(
      !isSymmetric || target != .mostImaginary, "Krylov: a symmetric matrix has real eigenvalues")
    require(start.count == size, "Krylov: a start of \(start.count) numbers for order \(size)")
    self.size = size
    self.count = count
    self.target = target
    self.isSymmetric = isSymmetric
    self.basis = Swift.min(size, Swift.max(basis ?? Swift.max(2 * count + 1, 20), count + 2))
    self.tolerance = tolerance
    self.unit = unit
    self.maximumRestarts = maximumRestarts
    self.start = start
  }

  /// What ARPACK calls the target.
  var which: String {
    switch (target, isSymmetric) {
    case (.largest, _): "LM"
    case (.rightmost, false): "LR"
    case (.leftmost, false): "SR"
    case (.mostImaginary, _): "LI"
    case (.rightmost, true): "LA"
    case (.leftmost, true): "SA"
    }
  }
}

/// Eigenvalues found by products, with their vectors.
package struct KrylovSolution: Sendable {
  /// The values whose error is within the tolerance.
  package let values: [Complex]
  /// Their vectors, in columns.
  package let vectors: DenseMatrix<Complex>
  /// The values of the last subspace, wanted or not, and an estimate of the residual of each.
  package let approximations: [(value: Complex, residual: Double)]
  package let products: Int
  package let restarts: Int
}
