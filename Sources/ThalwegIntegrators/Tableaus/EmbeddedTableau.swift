import ThalwegKernels

/// The coefficients of an explicit Runge-Kutta method with an estimate of its error and values
/// between the ends of a step.
///
///     kᵢ = f(t + cᵢ h, y + h Σⱼ aᵢⱼ kⱼ),   y₁ = y + h Σ bᵢ kᵢ
///     error = h Σ eᵢ kᵢ,   y(t + θh) = y + h Σ bᵢ(θ) kᵢ,  0 ≤ θ ≤ 1
///
/// After the slopes of the step comes that at its end, which begins the next step, and then those
/// that serve the values between the ends alone.
///
/// A new pair is one `static let` and an entry in ``all``; the laws run over that list.
public struct EmbeddedTableau: Hashable, Sendable {
  /// The name in tables and on the command line.
  public let name: String
  /// The order of convergence.
  public let order: Int
  /// The strictly lower triangular coefficients, a row for each slope.
  public let a: [[Double]]
  /// The weights of the step.
  public let b: [Double]
  /// The nodes, the sums of the rows of `a` but for rounding.
  public let c: [Double]
  /// The estimate of the error, or two of different orders that are combined.
  public let errors: [ErrorEstimate]
  /// The order of the values between the ends.
  public let denseOrder: Int
  /// The coefficients bᵢⱼ of the polynomials bᵢ(θ) = Σ bᵢⱼ θʲ, j = 1, 2, ..., a row for each slope.
  public let dense: [[Double]]

  /// Creates a tableau from its coefficients.
  ///
  /// - Errors: traps where the numbers of rows, nodes and polynomials do not fit together.
  public init(
    name: String, order: Int, a: [[Double]], b: [Double], c: [Double], errors: [ErrorEstimate],
    denseOrder: Int, dense: [[Double]]
  ) {
    require(
      a.indices.allSatisfy { a[$0].count == $0 } && b.count < a.count && a[b.count] == b,
      "tableau \(name): row i of an explicit method has i entries, that of the end the weights")
    require(
      dense.count == a.count && c.count == a.count,
      "tableau \(name): \(dense.count) polynomials and \(c.count) nodes for \(a.count) slopes")
    require(
      (1...2).contains(errors.count) && errors.allSatisfy { $0.weights.count <= a.count },
      "tableau \(name): one estimate of the error, or two, each with at most \(a.count) weights")
    self.name = name
    self.order = order
    self.a = a
    self.b = b
    self.c = c
    self.errors = errors
    self.denseOrder = denseOrder
    self.dense = dense
  }

  /// Creates a tableau from what papers print: the rows from the second stage on, and those of the
  /// slopes that come after the one at the end of the step.
  init(
    name: String, order: Int, c: CoefficientRows, a: CoefficientRows, b: CoefficientRows,
    errors: [PrintedEstimate], further: CoefficientRows = "", denseOrder: Int, dense: DenseOutput
  ) {
    let rows = [[]] + a.rows + [b.row] + further.rows
    self.init(
      name: name, order: order, a: rows, b: b.row, c: c.row,
      errors: errors.map { $0.differences(from: b.row) }, denseOrder: denseOrder,
      dense: dense.coefficients(weights: b.row, end: b.row.count, slopes: rows.count))
  }

  /// The number of evaluations a step, which reuses the slope at the end of the step before.
  public var stages: Int { b.count }

  /// The power of the step size with which the estimate of the error falls.
  public var errorOrder: Int {
    let powers = errors.map { $0.order + 1 }
    return powers.count == 2 ? 2 * powers[0] - powers[1] : powers[0]
  }

  /// Every pair of the library.
  public static let all = [
    bogackiShampine3, dormandPrince5, tsitouras5, verner6, dormandPrince8,
  ]
}
