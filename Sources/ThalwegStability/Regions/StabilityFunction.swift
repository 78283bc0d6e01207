import ThalwegKernels

/// What a step of a method multiplies by on y' = λy, as a function of z = hλ.
///
/// A method that carries several numbers for each component multiplies them by a matrix.
struct StabilityFunction: Sendable {
  /// The forms in which it is evaluated.
  private enum Form: Sendable {
    /// R(z) = 1 + z bᵀ(I - zA)⁻¹1 with a lower triangular A.
    case tableau(a: [[Double]], b: [Double])
    /// Polynomials by rows, each with its coefficients from the constant on.
    case polynomials([[[Complex]]])
    /// By measuring a step.
    case measured(@Sendable (Complex) -> [[Complex]])
  }

  private let form: Form

  /// The function of a Runge-Kutta method; rows are as long as they have entries that are not 0.
  init(a: [[Double]], b: [Double]) { form = .tableau(a: a, b: b) }

  /// The function that steps show.
  ///
  /// The entries of an explicit method's matrix are polynomials, whose coefficients are found from
  /// values on a circle. Whatever is not reproduced by polynomials is measured wherever it is asked for.
  init(measuring step: @escaping @Sendable (Complex) -> [[Complex]]) {
    let points = 32
    let circle = (0..<points).map {
      Complex(magnitude: 1, angle: 2 * Double.pi * Double($0) / Double(points))
    }
    let values = circle.map(step)
    let size = values[0].count
    let polynomials = (0..<size).map { row in
      (0..<size).map { column in
        Self.polynomial(through: values.map { $0[row][column] }, on: circle)
      }
    }
    let form = Form.polynomials(polynomials)
    // Far out, errors of the coefficients of high powers would show.
    let tests = [Complex(-2.7, 0.4), Complex(0.3, 1.9), Complex(-40, 3), Complex(-2, 12)]
    let agrees = tests.allSatisfy { z in
      zip(Self.matrix(form, at: z).joined(), step(z).joined()).allSatisfy { a, b in
        (a - b).magnitude <= 1e-11 * (1 + b.magnitude)
      }
    }
    self.form = agrees ? form : .measured(step)
  }

  /// The coefficients of a polynomial from its values at roots of 1; rounding errors are cut off.
  private static func polynomial(through values: [Complex], on circle: [Complex]) -> [Complex] {
    let count = circle.count
    let largest = values.map(\.magnitude).max() ?? 0
    var coefficients = (0..<count).map { degree in
      let total = values.indices.reduce(Complex(0)) { sum, index in
        sum + values[index] * circle[index * degree % count].conjugate
      }
      let mean = total * Complex(1 / Double(count))
      return mean.magnitude > 1e-15 * largest ? mean : 0
    }
    while coefficients.count > 1, coefficients.last?.magnitude ?? 1 <= 1e-14 * largest {
      coefficients.removeLast()
    }
    return coefficients
  }

  /// The matrix of a step.
  func matrix(at z: Complex) -> [[Complex]] { Self.matrix(form, at: z) }

  private static func matrix(_ form: Form, at z: Complex) -> [[Complex]] {
    switch form {
    case .tableau(let a, let b):
      var slopes: [Complex] = []
      for (index, row) in a.enumerated() {
        let diagonal = index < row.count ? row[index] : 0
        slopes.append(z * sum(1, slopes, row) / (1 - z * Complex(diagonal)))
      }
      return [[sum(1, slopes, b)]]
    case .polynomials(let polynomials):
      return polynomials.map { row in
        row.map { $0.reversed().reduce(Complex(0)) { $0 * z + $1 } }
      }
    case .measured(let step): return step(z)
    }
  }

  private static func sum(
    _ first: Complex, _ slopes: [Complex], _ weights: [Double]
  ) -> Complex {
    zip(slopes, weights).reduce(first) { $0 + $1.0 * Complex($1.1) }
  }

  /// The largest magnitude of an eigenvalue of the matrix of a step; infinite at a pole.
  func radius(at z: Complex) -> Double { magnitudes(at: z)[0] }

  /// The second largest magnitude of an eigenvalue of the matrix of a step, 0 where there is but one.
  func secondRadius(at z: Complex) -> Double {
    let sizes = magnitudes(at: z)
    return sizes.count > 1 ? sizes[1] : 0
  }

  /// The magnitudes of the eigenvalues of the matrix of a step, the largest first; infinite at a pole.
  private func magnitudes(at z: Complex) -> [Double] {
    let matrix = matrix(at: z)
    let n = matrix.count
    let poles = [Double](repeating: .infinity, count: n)
    guard matrix.joined().allSatisfy(\.isFinite) else { return poles }
    switch n {
    case 1: return [matrix[0][0].magnitude]
    case 2:
      let half = (matrix[0][0] + matrix[1][1]) * 0.5
      let determinant = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]
      let root = (half * half - determinant).squareRoot
      return [(half + root).magnitude, (half - root).magnitude].sorted(by: >)
    default:
      let dense = DenseMatrix(rows: n, columns: n) { matrix[$0][$1] }
      return (try? LAPACK.eigenvalues(dense).map(\.magnitude).sorted(by: >)) ?? poles
    }
  }
}
