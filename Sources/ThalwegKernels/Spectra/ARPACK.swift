internal import CARPACK
import Synchronization

/// Restarted Arnoldi and Lanczos methods for a few eigenvalues of a large matrix.
///
/// ARPACK keeps its state between calls in memory of its own, so that one problem is solved at a
/// time: the products must not solve eigenvalue problems of their own.
///
/// - Source: R. B. Lehoucq, D. C. Sorensen, C. Yang, "ARPACK Users' Guide", SIAM, 1998,
///   doi:10.1137/1.9780898719628.
package enum ARPACK {
  private static let oneAtATime = Mutex(())

  /// Solves a problem given products with its matrix.
  ///
  /// Fewer values than wanted are no error.
  package static func solve(
    _ problem: KrylovProblem, product: ([Double]) throws -> [Double]
  ) throws -> KrylovSolution {
    useOneThreadOfBLAS()
    return try oneAtATime.withLock { _ in
      var run = ARPACKRun(problem)
      try run.iterate(product)
      return try run.solution()
    }
  }
}

/// The memory of one problem, and the calls on it.
private struct ARPACKRun {
  private let problem: KrylovProblem
  private let size: Int32
  private let count: Int32
  private let basis: Int32
  private var residual: [Double]
  private var vectors: [Double]
  private var work: [Double]
  private var small: [Double]
  private var parameters = [Int32](repeating: 0, count: 11)
  private var places = [Int32](repeating: 0, count: 14)
  private var info: Int32 = 1
  private var products = 0

  init(_ problem: KrylovProblem) {
    self.problem = problem
    (size, count, basis) = (Int32(problem.size), Int32(problem.count), Int32(problem.basis))
    residual = problem.start
    vectors = [Double](repeating: 0, count: problem.size * problem.basis)
    work = [Double](repeating: 0, count: 3 * problem.size)
    small = [Double](repeating: 0, count: problem.basis * (3 * problem.basis + 8))
    // Exact shifts, so many restarts, and the plain eigenvalue problem.
    (parameters[0], parameters[2], parameters[6]) = (1, Int32(problem.maximumRestarts), 1)
  }

  mutating func iterate(_ product: ([Double]) throws -> [Double]) throws {
    var request: Int32 = 0
    while true {
      advance(&request)
      guard request == 1 || request == -1 else { break }
      let (source, target) = (Int(places[0]) - 1, Int(places[1]) - 1)
      let image = try product(Array(work[source..<source + problem.size]))
      // 0 times anything finite is 0.
      guard image.reduce(0, { $0 + 0 * $1 }) == 0 else { throw LAPACKError.notFinite }
      work.replaceSubrange(target..<target + problem.size, with: image)
      products += 1
    }
    // Restarts that ran out, or shifts that could not be applied, leave what was found.
    guard info >= 0 else { throw LAPACKError.refused(routine: name("aupd"), code: Int(info)) }
  }

  private func name(_ routine: String) -> String {
    (problem.isSymmetric ? "ds" : "dn") + routine
  }

  private mutating func advance(_ request: inout Int32) {
    let length = Int32(small.count)
    if problem.isSymmetric {
      dsaupd_c(
        &request, "I", size, problem.which, count, problem.tolerance, &residual, basis, &vectors,
        size, &parameters, &places, &work, &small, length, &info)
    } else {
      dnaupd_c(
        &request, "I", size, problem.which, count, problem.tolerance, &residual, basis, &vectors,
        size, &parameters, &places, &work, &small, length, &info)
    }
  }

  // MARK: - Results

  mutating func solution() throws -> KrylovSolution {
    let approximations = approximations()
    let found = parameters[4] > 0 ? try extract() : ([], DenseMatrix(rows: 0, columns: 0, []))
    return KrylovSolution(
      values: found.0, vectors: found.1, approximations: approximations, products: products,
      restarts: Int(parameters[2]))
  }

  /// The values of the last subspace.
  private func approximations() -> [(value: Complex, residual: Double)] {
    func numbers(at place: Int) -> ArraySlice<Double> {
      let first = Int(places[place]) - 1
      guard first >= 0, first + problem.basis <= small.count else { return [] }
      return small[first..<first + problem.basis]
    }
    let real = numbers(at: 5)
    if problem.isSymmetric {
      return zip(real, numbers(at: 6)).map { (Complex($0), $1.magnitude) }
    }
    return zip(zip(real, numbers(at: 6)), numbers(at: 7)).map { parts, error in
      (Complex(parts.0, parts.1), error.magnitude)
    }
  }

  private mutating func extract() throws -> ([Complex], DenseMatrix<Complex>) {
    let selection = [Int32](repeating: 1, count: problem.basis)
    let length = Int32(small.count)
    var code: Int32 = 0
    var real = [Double](repeating: 0, count: problem.count + 1)
    var imaginary = real
    var columns = [Double](repeating: 0, count: problem.size * (problem.count + 1))
    if problem.isSymmetric {
      dseupd_c(
        1, "A", selection, &real, &columns, size, 0, "I", size, problem.which, count,
        problem.tolerance, &residual, basis, &vectors, size, &parameters, &places, &work, &small,
        length, &code)
    } else {
      var scratch = [Double](repeating: 0, count: 3 * problem.basis)
      dneupd_c(
        1, "A", selection, &real, &imaginary, &columns, size, 0, 0, &scratch, "I", size,
        problem.which, count, problem.tolerance, &residual, basis, &vectors, size, &parameters,
        &places, &work, &small, length, &code)
    }
    guard code == 0 else { throw LAPACKError.refused(routine: name("eupd"), code: Int(code)) }
    let found = complete(Int(parameters[4]), imaginary)
    let pairs = LAPACK.paired(
      Array(columns.prefix(found * problem.size)), Array(imaginary.prefix(found)))
    return ((0..<found).map { Complex(real[$0], imaginary[$0]) }, pairs)
  }

  /// How many of the values can be given with their conjugates.
  private func complete(_ converged: Int, _ imaginary: [Double]) -> Int {
    var found = 0
    let limit = Swift.min(converged, problem.count + 1)
    while found < limit {
      let width = imaginary[found] == 0 ? 1 : 2
      guard found + width <= problem.count + 1 else { break }
      found += width
    }
    return found
  }
}
