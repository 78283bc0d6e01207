package import ThalwegKernels

/// What a step of a method does to a linear equation, in closed form.
///
/// A method that carries k numbers for each component multiplies them by a matrix:
///
///     (y, ...)₊ = M(z) (y, ...),   z = hλ
///
/// for y' = λy, for q' = p, p' = λ²q with hp beside q, and for y'' = λ²y. A one-step method has the
/// single entry R(z).
package struct Amplification: Sendable {
  /// The matrix, by rows.
  let matrix: [[Complex]]
  /// What is carried into the first step from an initial value of 1.
  let start: [Complex]

  /// The one-step methods with y₁ = R(z) y.
  package init(_ factor: Complex) {
    matrix = [[factor]]
    start = [1]
  }

  package init(_ matrix: [[Complex]], start: [Complex]) {
    self.matrix = matrix
    self.start = start
  }

  /// What is carried after some steps.
  func carried(after steps: Int) -> [Complex] {
    (0..<steps).reduce(start) { carried, _ in
      matrix.map { row in zip(row, carried).map(*).reduce(0, +) }
    }
  }

  /// The magnitudes of the eigenvalues.
  var eigenvalueMagnitudes: [Double] {
    guard matrix.count == 2 else { return matrix.map { $0[0].magnitude } }
    let half = (matrix[0][0] + matrix[1][1]) * 0.5
    let determinant = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]
    let root = (half * half - determinant).squareRoot
    return [(half + root).magnitude, (half - root).magnitude]
  }

  /// The largest of them.
  package var spectralRadius: Double { eigenvalueMagnitudes.reduce(0, Swift.max) }
}

extension Amplification {
  /// R(z) = 1 + z bᵀ(1 + A z + A² z² + ...) 1, a polynomial for explicit methods.
  ///
  /// With as many stages as the order it is that of the exponential function.
  static func rungeKutta(
    _ stages: Int, order: Int, a: [[Double]], b: [Double]
  ) -> @Sendable (Complex) -> Amplification {
    var coefficients = [1.0]
    var powers = [Double](repeating: 1, count: stages)
    for degree in 1...stages {
      let isExponential = order == stages
      coefficients.append(
        isExponential
          ? coefficients[degree - 1] / Double(degree) : zip(b, powers).map(*).reduce(0, +))
      powers = a.map { row in zip(row, powers).map(*).reduce(0, +) }
    }
    let polynomial = coefficients
    return { z in
      Amplification(polynomial.reversed().reduce(Complex(0)) { $0 * z + Complex($1) })
    }
  }

  /// The methods that carry hf beside y, but are one-step methods otherwise.
  ///
  /// From y and its slope, what is carried is R(z)ⁿ times these: it does not matter how a step uses one
  /// or the other.
  static func carryingSlope(_ factor: Complex, _ z: Complex) -> Amplification {
    Amplification([[factor, 0], [z * factor, 0]], start: [1, z])
  }

  /// R(z) = 1 + z bᵀ(1 - zA)⁻¹ 1 of a lower triangular A, a quotient of polynomials.
  static func carryingSlope(
    _ a: [[Double]], _ b: [Double]
  ) -> @Sendable (Complex) -> Amplification {
    { z in carryingSlope(factor(z, a, b), z) }
  }

  private static func factor(_ z: Complex, _ a: [[Double]], _ b: [Double]) -> Complex {
    var slopes: [Complex] = []
    for (index, row) in a.enumerated() {
      let diagonal = index < row.count ? row[index] : 0
      slopes.append(z * sum(slopes, row) / (1 - z * Complex(diagonal)))
    }
    return sum(slopes, b)
  }

  private static func sum(_ slopes: [Complex], _ weights: [Double]) -> Complex {
    zip(slopes, weights).reduce(1) { $0 + $1.0 * Complex($1.1) }
  }
}
