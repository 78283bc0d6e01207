internal import CLAPACKE

/// The Krylov-Schur method for a few eigenvalues of a large matrix that is not symmetric.
///
/// It finds what Arnoldi's method with implicit restarts finds, and restarts by products of matrices
/// instead of vectors. A decomposition of the basis V,
///
///     J V = V S + v bᵀ,
///
/// is extended by products with orthogonalisation, and then shortened to the Schur vectors of S that
/// belong to wanted eigenvalues.
///
/// - Source: G. W. Stewart, "A Krylov-Schur algorithm for large eigenproblems", SIAM J. Matrix Anal.
///   Appl. 23 (2002), 601-614, doi:10.1137/S0895479800371529.
package enum KrylovSchur {
  /// Solves a problem given products with its matrix; fewer values than wanted are no error.
  package static func solve(
    _ problem: KrylovProblem, product: ([Double]) throws -> [Double]
  ) throws -> KrylovSolution {
    var run = KrylovSchurRun(problem)
    return try run.solve(product)
  }
}

/// The memory of one problem.
private struct KrylovSchurRun {
  private let problem: KrylovProblem
  private let width: Int
  private var basis: BlockedBasis
  /// S by columns, with bᵀ in the row behind the vectors that were kept.
  private var small: DenseMatrix<Double>
  /// The vectors of the decomposition, and what the next one enters with.
  private var kept = 0
  private var coupling = 0.0
  private var products = 0
  private var restarts = 0

  init(_ problem: KrylovProblem) {
    self.problem = problem
    width = problem.basis
    basis = BlockedBasis(size: problem.size, capacity: width + 1)
    small = DenseMatrix(rows: width, columns: width) { _, _ in 0 }
  }

  mutating func solve(_ product: ([Double]) throws -> [Double]) throws -> KrylovSolution {
    let length = problem.start.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, length.isFinite else { throw LAPACKError.notFinite }
    basis.set(0, to: problem.start, times: 1 / length)
    while true {
      try extend(product)
      let ritz = try RitzValues(small, coupling: coupling, target: problem.target)
      let wanted = ritz.wanted(problem.count)
      let converged = wanted.filter { ritz.isConverged($0, problem.tolerance, problem.unit) }
      guard converged.count < wanted.count, restarts < problem.maximumRestarts else {
        return solution(ritz, converged)
      }
      try restart(ritz, keeping: problem.count + converged.count)
      restarts += 1
    }
  }

  /// Fills the basis by products.
  private mutating func extend(_ product: ([Double]) throws -> [Double]) throws {
    for index in kept..<width {
      var vector = try product(basis.column(index))
      products += 1
      var found = basis.orthogonalize(&vector, against: index + 1)
      // 0 times anything finite is 0.
      guard 0 * found.before == 0 else { throw LAPACKError.notFinite }
      for row in 0...index { small[row: row, column: index] += found.parts[row] }
      coupling = found.length
      if found.length <= 1e-14 * found.before || found.length == 0 {
        // The space is closed: what follows has nothing to do with it.
        coupling = 0
        vector = filler(index)
        found = basis.orthogonalize(&vector, against: index + 1)
        guard found.length > 0 else { throw LAPACKError.notConverged(routine: "basis", missing: 1) }
      }
      basis.set(index + 1, to: vector, times: 1 / found.length)
      if index + 1 < width { small[row: index + 1, column: index] = coupling }
    }
  }

  /// Numbers without a pattern, others for each place.
  private func filler(_ index: Int) -> [Double] {
    (0..<problem.size).map { row in
      let bits = UInt64(row + 1) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(index) &* 0xbf58_476d_1ce4_e5b9
      return Double((bits ^ (bits >> 29)) >> 11) * 0x1p-52 - 1
    }
  }

  /// Shortens the decomposition to the wanted part.
  private mutating func restart(_ ritz: RitzValues, keeping count: Int) throws {
    let limit = Swift.min(Swift.max(count, width / 2), width - 3)
    let (triangle, rotation) = try ritz.ordered(limit)
    let count = rotation.columns
    basis.rotate(by: rotation, keeping: width)
    small = DenseMatrix(rows: width, columns: width) { row, column in
      guard column < count else { return 0 }
      if row < count { return triangle[row: row, column: column] }
      return row == count ? coupling * rotation[row: width - 1, column: column] : 0
    }
    kept = count
  }

  private func solution(_ ritz: RitzValues, _ converged: [Int]) -> KrylovSolution {
    var (values, columns): ([Complex], [Complex]) = ([], [])
    for index in converged {
      let y = ritz.vector(index)
      let scale = 1 / y.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot()
      let real = basis.combination(y.map { scale * $0.real })
      let imaginary = basis.combination(y.map { scale * $0.imaginary })
      values.append(ritz.values[index])
      columns += zip(real, imaginary).map { Complex($0, $1) }
    }
    return KrylovSolution(
      values: values,
      vectors: DenseMatrix(rows: problem.size, columns: values.count, columns),
      approximations: ritz.values.indices.map { (ritz.values[$0], ritz.residual($0)) },
      products: products, restarts: restarts)
  }
}

/// The eigenvalues of the small matrix, with what they are worth for the large one.
private struct RitzValues {
  let values: [Complex]
  private let order: [Int]
  private let coupling: Double
  private let triangle: DenseMatrix<Double>
  private let schurVectors: DenseMatrix<Double>
  private let vectors: DenseMatrix<Complex>

  init(
    _ matrix: DenseMatrix<Double>, coupling: Double, target: KrylovProblem.Target
  ) throws(LAPACKError) {
    let form = try LAPACK.realSchurForm(matrix)
    (triangle, schurVectors, values) = (form.triangle, form.vectors, form.values)
    vectors = try LAPACK.eigenvectors(of: form)
    self.coupling = coupling
    let values = values
    order = values.indices.sorted {
      let (a, b) = (target.rank(values[$0]), target.rank(values[$1]))
      // Those of a pair stand side by side.
      return a == b ? $0 < $1 : a > b
    }
  }

  /// The places of the wanted values, with both of a pair.
  func wanted(_ count: Int) -> [Int] {
    var chosen = Array(order.prefix(count))
    if let last = chosen.last, values[last].imaginary != 0, chosen.count < order.count,
      !chosen.contains(where: { values[$0] == values[last].conjugate })
    {
      chosen.append(order[count])
    }
    return chosen
  }

  func vector(_ index: Int) -> [Complex] { vectors.column(index) }

  func residual(_ index: Int) -> Double {
    let y = vectors.column(index)
    let length = y.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot()
    return coupling * (y.last?.magnitude ?? 0) / length
  }

  func isConverged(_ index: Int, _ tolerance: Double, _ unit: Double) -> Bool {
    residual(index) <= tolerance * Swift.max(values[index].magnitude, unit, 3.7e-11)
  }

  /// Triangle and vectors of the wanted part, pairs whole.
  func ordered(
    _ count: Int
  ) throws(LAPACKError) -> (triangle: DenseMatrix<Double>, rotation: DenseMatrix<Double>) {
    var selection = [Int32](repeating: 0, count: values.count)
    for index in wanted(count) { selection[index] = 1 }
    return try LAPACK.reordered(triangle, schurVectors, selection)
  }
}
