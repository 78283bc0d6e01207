import ThalwegKernels

/// How the linear systems inside an implicit method are solved.
///
/// A Jacobian is known by its products with vectors, which are exact and cost about two evaluations of
/// the residual; all but `direct` and `banded` make do with these, in the memory of a few vectors.
///
/// - Source: Y. Saad, "Iterative Methods for Sparse Linear Systems", SIAM, 2003,
///   doi:10.1137/1.9780898718003.
public enum LinearSolver: Hashable, Sendable {
  /// Factors for at most 48 unknowns, GMRES with a space of 30 vectors for more.
  case automatic
  /// The factors of a matrix that is obtained by as many products as there are unknowns, and kept as
  /// long as it serves.
  case direct
  /// The factors of a band, for chains: the last axis of the state counts their cells, which know
  /// neighbours at most `reach` cells away.
  ///
  ///     let solver = NewtonKrylov(linear: .banded(reach: 1))     // second differences on a line
  ///
  /// For c components of a cell the matrix takes c (2 reach + 1) products, and time and memory grow
  /// with the number of cells. What little a matrix has beyond the band costs iterations; where it is
  /// much, as on a ring, solutions are not found.
  case banded(reach: Int)
  /// Generalised minimal residuals, for any matrix; begins anew after `restart` products.
  case gmres(restart: Int)
  /// Conjugate gradients, for symmetric positive definite matrices: those of implicit steps down the
  /// gradient of a convex energy.
  case conjugateGradients
  /// Stabilised biconjugate gradients, for any matrix in little memory; two products an iteration.
  case biCGStab

  /// The most unknowns for which factors are chosen.
  static let directSize = 48

  /// The method for systems of a size.
  func method(for size: Int, cells: Int) -> LinearMethod {
    switch self {
    case .automatic: size <= Self.directSize ? .direct : .gmres(restart: 30)
    case .direct: .direct
    case .banded(let reach): .banded(cells: cells, reach: reach)
    case .gmres(let restart): .gmres(restart: restart)
    case .conjugateGradients: .conjugateGradients
    case .biCGStab: .biCGStab
    }
  }
}
