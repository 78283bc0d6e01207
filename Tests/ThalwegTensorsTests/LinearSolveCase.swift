import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// A linear system whose solution is computed by elimination beside the solver's.
struct LinearSolveCase: Sendable, CustomTestStringConvertible {
  var label: String
  var settings: LinearSettings
  /// [n, n].
  var matrix: Tensor
  /// [n].
  var rightSide: Tensor
  /// Whether the product uses only the symmetric part of the matrix, so that it may be changed at will.
  var isSymmetric = false

  var testDescription: String { "\(label), \(settings.method), \(rightSide.count) unknowns" }

  /// The matrix that is meant.
  func symmetrized(_ a: Tensor) -> Tensor { isSymmetric ? 0.5 * (a + a.transposed) : a }

  func solve(_ matrix: Tensor, _ rightSide: Tensor) -> Tensor {
    let matrix = symmetrized(matrix)
    return LinearSolve.record([rightSide], settings: settings) { [matmul(matrix, $0[0])] }[0]
  }
}

extension LinearSolveCase {
  static func settings(
    _ method: LinearMethod, tolerance: Double = 1e-14, most: Int = 1_000
  ) -> LinearSettings {
    LinearSettings(method, tolerance: tolerance, maximumIterations: most)
  }

  /// Random, with eigenvalues around 1.
  static func general(_ n: Int, seed: UInt64) -> Tensor {
    let noise = Tensor.random([n, n], seed: seed)
    let identity = tabulated([n, n]) { $0[0] == $0[1] ? 1 : 0 }
    return identity + 0.6 / Double(n).squareRoot() * noise
  }

  /// BᵀB + 1, symmetric and positive definite.
  static func definite(_ n: Int, seed: UInt64) -> Tensor {
    let noise = Tensor.random([n, n], seed: seed)
    let identity = tabulated([n, n]) { $0[0] == $0[1] ? 1 : 0 }
    return identity + matmul(noise.transposed, noise) / Double(n)
  }

  private static func cases(_ n: Int) -> [LinearSolveCase] {
    let b = Tensor.random([n], seed: UInt64(n))
    return [.direct, .gmres(restart: n), .gmres(restart: 6), .biCGStab].map { method in
      LinearSolveCase(
        label: "random", settings: settings(method), matrix: general(n, seed: 7), rightSide: b)
    } + [
      LinearSolveCase(
        label: "definite", settings: settings(.conjugateGradients), matrix: definite(n, seed: 8),
        rightSide: b, isSymmetric: true)
    ]
  }

  static let small = cases(1) + cases(2) + cases(5)
  static let all = small + cases(17) + cases(60)
}

/// The solution of a dense system by elimination with the largest pivots.
func eliminated(_ matrix: Tensor, _ rightSide: Tensor) -> Tensor {
  let n = rightSide.count
  var rows = (0..<n).map { i in
    (0..<n).map { matrix.values[i * n + $0] } + [rightSide.values[i]]
  }
  for k in 0..<n {
    let pivot = (k..<n).max { rows[$0][k].magnitude < rows[$1][k].magnitude } ?? k
    rows.swapAt(k, pivot)
    for i in (k + 1)..<Swift.max(n, k + 1) {
      let factor = rows[i][k] / rows[k][k]
      for j in k...n { rows[i][j] -= factor * rows[k][j] }
    }
  }
  var x = [Double](repeating: 0, count: n)
  for i in (0..<n).reversed() {
    let rest = ((i + 1)..<Swift.max(n, i + 1)).reduce(rows[i][n]) { $0 - rows[i][$1] * x[$1] }
    x[i] = rest / rows[i][i]
  }
  return Tensor(x, shape: [n])
}
