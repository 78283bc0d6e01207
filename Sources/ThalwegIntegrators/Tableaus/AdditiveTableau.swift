import ThalwegKernels

/// The coefficients of a pair of Runge-Kutta methods for sums of two parts, one of which is stiff.
///
///     Yᵢ = y + h Σⱼ (aᵢⱼ g(t + cⱼ h, Yⱼ) + âᵢⱼ f(t + cⱼ h, Yⱼ)),   y₁ = y + h Σ bᵢ (gᵢ + fᵢ)
///
/// The method for the stiff part g is diagonally implicit, that for f explicit; they have the same
/// weights and nodes.
///
/// A new pair is one `static let` and an entry in ``all``; the laws run over that list.
public struct AdditiveTableau: Hashable, Sendable {
  /// The name in tables and on the command line.
  public let name: String
  /// The method for the stiff part, which gives weights, nodes and the estimate of the error.
  public let implicit: DiagonallyImplicitTableau
  /// The strictly lower triangular coefficients of the method for the other part.
  public let explicit: [[Double]]

  /// Creates a tableau from its coefficients.
  ///
  /// - Errors: traps where the numbers of stages differ, or rows have lengths that do not fit.
  public init(name: String, implicit: DiagonallyImplicitTableau, explicit: [[Double]]) {
    require(
      explicit.count == implicit.stages && explicit.indices.allSatisfy { explicit[$0].count == $0 },
      "tableau \(name): \(explicit.count) rows for \(implicit.stages) stages, or not i in row i")
    self.name = name
    self.implicit = implicit
    self.explicit = explicit
  }

  /// Creates a tableau from what papers print: the rows from the second on.
  init(name: String, implicit: DiagonallyImplicitTableau, explicit: CoefficientRows) {
    self.init(name: name, implicit: implicit, explicit: [[]] + explicit.rows)
  }

  /// The order of convergence.
  public var order: Int { implicit.order }

  /// Every pair of the library.
  public static let all = [kenCarp3, kenCarp4, kenCarp5]
}
