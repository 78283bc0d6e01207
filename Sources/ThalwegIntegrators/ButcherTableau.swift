import ThalwegKernels

/// The coefficients of an explicit Runge-Kutta method.
///
///     kᵢ = f(t + cᵢ h, y + h Σⱼ aᵢⱼ kⱼ),   y₁ = y + h Σ bᵢ kᵢ
///
/// A new method is one `static let` and an entry in ``all``; the laws of order and stability run
/// over that list.
public struct ButcherTableau: Hashable, Sendable {
  /// The name in tables and on the command line.
  public let name: String
  /// The order of convergence.
  public let order: Int
  /// The strictly lower triangular coefficients, a row for each stage.
  public let a: [[Double]]
  /// The weights.
  public let b: [Double]
  /// The nodes, the sums of the rows of `a`.
  public let c: [Double]

  /// Creates a tableau from its coefficients.
  ///
  /// - Errors: traps where the tableau is not explicit or not consistent.
  public init(name: String, order: Int, a: [[Double]], b: [Double]) {
    require(
      a.count == b.count && a.indices.allSatisfy { a[$0].count == $0 },
      "tableau \(name): row i of an explicit method has i entries, one row for each weight")
    require(abs(b.reduce(0, +) - 1) < 1e-14, "tableau \(name): the weights do not sum to 1")
    self.name = name
    self.order = order
    self.a = a
    self.b = b
    c = a.map { $0.reduce(0, +) }
  }

  /// The number of stages, which is the number of evaluations a step.
  public var stages: Int { b.count }

  /// Forward Euler.
  ///
  /// - Source: L. Euler, "Institutiones calculi integralis", 1768.
  public static let euler = ButcherTableau(name: "euler", order: 1, a: [[]], b: [1])

  /// The explicit midpoint rule.
  ///
  /// - Source: C. Runge, Math. Ann. 46 (1895), 167-178.
  public static let midpoint = ButcherTableau(
    name: "midpoint", order: 2, a: [[], [1 / 2]], b: [0, 1])

  /// Heun's method of order 2, the explicit trapezoidal rule.
  ///
  /// - Source: K. Heun, Z. Math. Phys. 45 (1900).
  public static let heun = ButcherTableau(name: "heun", order: 2, a: [[], [1]], b: [1 / 2, 1 / 2])

  /// Ralston's method of order 2, of least truncation error.
  ///
  /// - Source: A. Ralston, Math. Comp. 16 (1962).
  public static let ralston = ButcherTableau(
    name: "ralston", order: 2, a: [[], [2 / 3]], b: [1 / 4, 3 / 4])

  /// Kutta's method of order 3.
  ///
  /// - Source: W. Kutta, Z. Math. Phys. 46 (1901), 435-453.
  public static let kutta3 = ButcherTableau(
    name: "kutta3", order: 3, a: [[], [1 / 2], [-1, 2]], b: [1 / 6, 2 / 3, 1 / 6])

  /// The classical method of order 4.
  ///
  /// - Source: W. Kutta, Z. Math. Phys. 46 (1901), 435-453.
  public static let classic = ButcherTableau(
    name: "rk4", order: 4, a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    b: [1 / 6, 1 / 3, 1 / 3, 1 / 6])

  /// The 3/8 rule of order 4.
  ///
  /// - Source: W. Kutta, Z. Math. Phys. 46 (1901), 435-453.
  public static let threeEighths = ButcherTableau(
    name: "rk4-38", order: 4, a: [[], [1 / 3], [-1 / 3, 1], [1, -1, 1]],
    b: [1 / 8, 3 / 8, 3 / 8, 1 / 8])

  /// Every tableau of the library.
  public static let all = [euler, midpoint, heun, ralston, kutta3, classic, threeEighths]
}
