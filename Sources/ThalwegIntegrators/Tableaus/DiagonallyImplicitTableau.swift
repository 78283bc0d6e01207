import ThalwegKernels

/// The coefficients of a diagonally implicit Runge-Kutta method whose first stage is explicit and
/// whose last is its result, with an estimate of its error.
///
///     Yᵢ = y + h Σⱼ aᵢⱼ kⱼ with j up to i,   kᵢ = f(t + cᵢ h, Yᵢ),   y₁ = Yₛ
///     error = h Σ eᵢ kᵢ
///
/// The first slope is the last one of the step before. All diagonal coefficients but the first are
/// equal, so that stages are solved with one matrix.
///
/// A new method is one `static let` and an entry in ``all``; the laws run over that list.
public struct DiagonallyImplicitTableau: Hashable, Sendable {
  /// The name in tables and on the command line.
  public let name: String
  /// The order of convergence.
  public let order: Int
  /// The lower triangular coefficients, a row for each stage with its diagonal.
  public let a: [[Double]]
  /// The nodes, the sums of the rows of `a` but for rounding.
  public let c: [Double]
  /// The estimate of the error.
  public let error: ErrorEstimate
  /// Whether the estimate is multiplied by (1 - hγJ)⁻¹, γ on the diagonal, because it would not stay
  /// bounded for stiff components without.
  public let filtersError: Bool

  /// Creates a tableau from its coefficients.
  ///
  /// - Errors: traps where the tableau is not of the form above.
  public init(
    name: String, order: Int, a: [[Double]], c: [Double], error: ErrorEstimate,
    filtersError: Bool = false
  ) {
    require(
      a.count > 1 && a.indices.allSatisfy { a[$0].count == $0 + 1 } && a[0] == [0],
      "tableau \(name): row i of a diagonally implicit method has i + 1 entries, the first is 0")
    require(
      a.dropFirst().allSatisfy { $0[$0.count - 1] == a[1][1] } && a[1][1] > 0,
      "tableau \(name): the entries of the diagonal are not positive and equal")
    require(
      c.count == a.count && error.weights.count == a.count,
      "tableau \(name): \(c.count) nodes and \(error.weights.count) weights for \(a.count) stages")
    self.name = name
    self.order = order
    self.a = a
    self.c = c
    self.error = error
    self.filtersError = filtersError
  }

  /// Creates a tableau from what papers print: the rows from the second on, up to the diagonal.
  init(
    name: String, order: Int, diagonal: Double, c: CoefficientRows, a: CoefficientRows,
    error: PrintedEstimate
  ) {
    let rows = [[0]] + a.rows.map { $0 + [diagonal] }
    self.init(
      name: name, order: order, a: rows, c: c.row,
      error: error.differences(from: rows[rows.count - 1]))
  }

  /// The weights, which are the last row.
  public var b: [Double] { a[stages - 1] }
  /// The number of stages, the first of which needs no evaluation.
  public var stages: Int { a.count }
  /// The coefficient of the diagonal.
  public var diagonal: Double { a[1][1] }
  /// The power of the step size with which the estimate of the error falls.
  public var errorOrder: Int { Swift.min(error.order, order) + 1 }
  /// The order of the values between the ends, those of a cubic.
  public var denseOrder: Int { Swift.min(3, order) }
  /// The coefficients bᵢⱼ of the polynomials bᵢ(θ) = Σ bᵢⱼ θʲ, j = 1, 2, 3, a row for each slope.
  public var dense: [[Double]] {
    DenseOutput.hermite.coefficients(weights: b, end: stages - 1, slopes: stages)
  }

  /// Every method of the library.
  public static let all = [
    trBDF2, kvaerno3, kvaerno4, kvaerno5, kenCarp3, kenCarp4, kenCarp5,
  ]
}
