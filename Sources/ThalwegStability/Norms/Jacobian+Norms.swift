package import ThalwegKernels

extension Jacobian {
  /// The logarithmic norm: the largest rate at which a perturbation can grow at first.
  ///
  ///     μ(J) = max λ((J + Jᵀ)/2),   ‖exp(tJ)‖ ≤ exp(tμ)
  ///
  /// Dynamics whose logarithmic norm is nowhere positive bring any two solutions closer together. It is
  /// no less than the abscissa, and equal to it for normal matrices.
  ///
  /// - Cost: dense below ``denseLimit``; above, products with J and its transpose.
  /// - Errors: ``SpectrumError``.
  /// - Source: G. Söderlind, "The logarithmic norm. History and modern theory", BIT 46 (2006),
  ///   631-652, doi:10.1007/s10543-006-0069-9.
  public func logarithmicNorm(tolerance: Double? = nil) throws -> Double {
    try symmetricEdge(of: size, target: .rightmost, tolerance: tolerance) { vector in
      let (a, b) = (try product(with: vector), try transposedProduct(with: vector))
      return zip(a, b).map { ($0 + $1) / 2 }
    }.value
  }

  /// The spectral norm: the largest factor by which a product lengthens a vector.
  ///
  /// - Cost: dense below ``denseLimit``; above, products with J and its transpose.
  /// - Errors: ``SpectrumError``.
  public func norm(tolerance: Double? = nil) throws -> Double {
    // In units of the norm, whose square could overflow or vanish.
    let unit = try structure().norm
    guard unit > 0 else { return 0 }
    let square = try symmetricEdge(of: size, target: .rightmost, tolerance: tolerance) { vector in
      try transposedProduct(with: product(with: vector).map { $0 / unit }).map { $0 / unit }
    }.value
    return unit * Swift.max(0, square).squareRoot()
  }

  /// Henrici's departure from normality: how far the matrix is from having orthogonal eigenvectors.
  ///
  ///     (‖J‖² - Σ|λ|²)^½,   in the norm of Frobenius
  ///
  /// It is 0 for normal matrices, whose eigenvalues say all.
  ///
  /// - Cost: all entries, and all eigenvalues.
  /// - Errors: ``SpectrumError``.
  /// - Source: P. Henrici, "Bounds for iterates, inverses, spectral variation and fields of values of
  ///   non-normal matrices", Numer. Math. 4 (1962), 24-40, doi:10.1007/BF01386294.
  public func departureFromNormality() throws -> Double {
    let matrix = try columns()
    let eigenvalues = try translated { try LAPACK.eigenvalues(matrix).values }
    let whole = dot(matrix.values, matrix.values)
    let rest = whole - eigenvalues.reduce(0) { $0 + $1.squaredMagnitude }
    // What cancels to rounding errors of so many terms is 0.
    return rest > 1e-13 * whole ? rest.squareRoot() : 0
  }
}

/// The eigenvalue of a symmetric matrix at one end, and its vector, from products.
package func symmetricEdge(
  of size: Int, target: KrylovProblem.Target, tolerance: Double?,
  product: ([Double]) throws -> [Double]
) throws -> (value: Double, vector: [Double]) {
  try translated {
    guard size > 64 else { return try denseEdge(of: size, target: target, product: product) }
    let start = scattered(size, seed: 1)
    // Values near 0 are as good as others if errors are measured by the whole matrix.
    let image = try product(start)
    let scale = euclidean(try product(image)) / Swift.max(euclidean(image), .leastNormalMagnitude)
    guard scale.isFinite else { throw SpectrumError.notFinite }
    guard scale > 0 else { return (0, start.map { $0 / euclidean(start) }) }
    let shift = target == .rightmost ? scale : -scale
    let problem = KrylovProblem(
      size: size, count: 1, target: target, isSymmetric: true, tolerance: tolerance ?? 1e-10,
      maximumRestarts: 1_000, start: start)
    let solution = try ARPACK.solve(problem) { sum(try product($0), shift, $0) }
    guard let value = solution.values.first else {
      let residual = solution.approximations.map(\.residual).min() ?? .infinity
      throw SpectrumError.notConverged(products: solution.products, residual: residual / scale)
    }
    return (value.real - shift, solution.vectors.column(0).map(\.real))
  }
}

private func denseEdge(
  of size: Int, target: KrylovProblem.Target, product: ([Double]) throws -> [Double]
) throws -> (value: Double, vector: [Double]) {
  var values: [Double] = []
  for column in 0..<size {
    values += try product((0..<size).map { $0 == column ? 1 : 0 })
  }
  let system = try LAPACK.symmetricEigenvalues(
    DenseMatrix(rows: size, columns: size, values), vectors: true)
  let index = target == .rightmost ? size - 1 : 0
  guard let vectors = system.vectors else { return (0, []) }
  return (system.values[index], vectors.column(index))
}
