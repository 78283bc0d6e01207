import Foundation
import Thalweg
import ThalwegDynamics
import ThalwegTensors
import ThalwegTestSupport

/// Linear dynamics y' = Ay.
func linear(_ matrix: Tensor) -> ODE<Tensor> { ODE { _, y in matmul(matrix, y) } }

/// A matrix from a function of row and column.
func matrix(_ size: Int, _ element: (Int, Int) -> Double) -> Tensor {
  Tensor(
    (0..<size * size).map { element($0 / size, $0 % size) }, shape: [size, size])
}

/// A matrix of numbers without a pattern.
func randomMatrix(_ size: Int, seed: UInt64) -> Tensor { .random([size, size], seed: seed) }

/// The second difference of a line of points with zeros beyond its ends.
func laplacian(_ y: Tensor) -> Tensor {
  y.shifted(by: 1, along: 0, boundary: .zero) + y.shifted(by: -1, along: 0, boundary: .zero) - 2 * y
}

/// The eigenvalues of the second difference of a line of points, from right to left:
/// -4 sin²(kπ / (2n + 2)).
func laplacianEigenvalues(_ count: Int) -> [Double] {
  (1...count).map { -4 * pow(sin(Double($0) * .pi / Double(2 * count + 2)), 2) }
}

/// The second difference of a square of points, whose eigenvalues are sums of those of lines.
func squareLaplacian(_ y: Tensor) -> Tensor {
  [0, 1].map { axis in
    y.shifted(by: 1, along: axis, boundary: .zero)
      + y.shifted(by: -1, along: axis, boundary: .zero) - 2 * y
  }.reduce(Tensor.zeros(y.shape), +)
}

/// The eigenvalues of the second difference of a square of points, from right to left.
func squareLaplacianEigenvalues(_ side: Int) -> [Double] {
  let line = laplacianEigenvalues(side)
  return line.flatMap { a in line.map { a + $0 } }.sorted(by: >)
}

/// The determinant by elimination with exchange of rows: its sign, and the logarithm of its size.
func determinant(_ matrix: Tensor) -> (sign: Double, logarithm: Double) {
  let n = matrix.shape[0]
  var rows = (0..<n).map { Array(matrix.values[$0 * n..<($0 + 1) * n]) }
  var (sign, logarithm) = (1.0, 0.0)
  for column in 0..<n {
    let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
    if pivot != column {
      rows.swapAt(pivot, column)
      sign = -sign
    }
    let value = rows[column][column]
    sign *= value < 0 ? -1 : 1
    logarithm += log(abs(value))
    for row in column + 1..<n {
      let factor = rows[row][column] / value
      for index in column..<n { rows[row][index] -= factor * rows[column][index] }
    }
  }
  return (sign, logarithm)
}

/// The largest distance from a value to the nearest of some others.
func largestDistance(_ values: [Complex], to others: [Complex]) -> Double {
  values.map { value in others.map { (value - $0).magnitude }.min() ?? .infinity }.max() ?? 0
}
