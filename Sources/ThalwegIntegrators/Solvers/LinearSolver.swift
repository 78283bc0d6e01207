import ThalwegKernels

/// How the linear systems inside an implicit method are solved.
///
/// A Jacobian is known by its products with vectors, which are exact and cost about two evaluations of
/// the residual; all but `direct` make do with these, in the memory of a few vectors.
///
/// - Source: Y. Saad, "Iterative Methods for Sparse Linear Systems", SIAM, 2003,
///   doi:10.1137/1.9780898718003.
public enum LinearSolver: Hashable, Sendable {
  /// Factors for at most 48 unknowns, GMRES with a space of 30 vectors for more.
  case automatic
  /// The factors of a matrix that is obtained by as many products as there are unknowns, and kept as
  /// long as it serves.
  case direct
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
  func method(for size: Int) -> LinearMethod {
    switch self {
    case .automatic: size <= Self.directSize ? .direct : .gmres(restart: 30)
    case .direct: .direct
    case .gmres(let restart): .gmres(restart: restart)
    case .conjugateGradients: .conjugateGradients
    case .biCGStab: .biCGStab
    }
  }
}
