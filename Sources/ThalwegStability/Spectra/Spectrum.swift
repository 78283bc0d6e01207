public import ThalwegKernels

/// Eigenvalues of a Jacobian, with what is known of their accuracy.
///
///     let s = try spectrum(of: field, at: y0)
///     s.eigenvalues                    // from right to left
///     s.abscissa                       // the largest real part: growth where it is positive
///     s.largestStableStep(under: .classic)
///     print(s)                         // all of it in words
///
/// The eigenvalues say how perturbations behave in the long run. What they do at first is said by
/// ``Jacobian/logarithmicNorm(tolerance:)``, and the two agree for normal matrices alone.
public struct Spectrum: Sendable {
  /// Which eigenvalues are asked for.
  public enum Part: Hashable, Sendable {
    /// All of them.
    case all
    /// So many of the largest magnitude.
    case largest(Int)
    /// So many of the largest real part.
    case rightmost(Int)
    /// So many of the smallest real part.
    case leftmost(Int)
    /// So many from the left and from the right each.
    case bothEnds(Int)
    /// So many from the left, from the right, of the largest magnitude and of the largest imaginary
    /// part each: what bounds the step of a method.
    case outline(Int)
  }

  /// How eigenvalues are computed.
  public enum Method: String, Hashable, Sendable {
    /// From all entries, by LAPACK.
    case dense
    /// From products: by ARPACK where the matrix is symmetric, and by a Krylov-Schur method.
    case krylov
  }

  /// What a matrix has to do with its transpose.
  public enum Structure: String, Hashable, Sendable {
    /// J = Jᵀ: real eigenvalues.
    case symmetric
    /// J = -Jᵀ: imaginary eigenvalues.
    case antisymmetric
    /// Neither.
    case general
  }

  /// The number of unknowns.
  public let size: Int
  /// The eigenvalues that were found, from right to left, those of a pair side by side.
  public let eigenvalues: [Complex]
  /// Their vectors, of length 1, where they were asked for.
  public let eigenvectors: [[Complex]]?
  /// ‖Jv - λv‖ of each, relative to the largest magnitude of an eigenvalue that was found, or where
  /// products are made to that of a product with a random vector, if it is larger.
  ///
  /// Where all eigenvalues were computed without vectors it is by how much their sum misses the trace
  /// and the sum of their squares that of J², relative to the norm.
  public let residuals: [Double]
  /// What was asked for.
  public let part: Part
  /// How they were computed.
  public let method: Method
  /// What was found of the structure of the matrix, and used.
  public let structure: Structure
  /// What stands in the way of an easy reading.
  public let remarks: [Remark]
  /// The number of products with the Jacobian.
  public let products: Int
  /// The number of restarts of Krylov subspaces.
  public let restarts: Int
  /// The precision of the Jacobian.
  public let dtype: DType
  /// The residual up to which an eigenvalue counts as found, where products are made.
  let tolerance: Double

  /// The largest of the residuals.
  public var residual: Double { residuals.max() ?? 0 }

  /// Whether these are all eigenvalues.
  public var isComplete: Bool { eigenvalues.count == size }

  /// Whether everything that was asked for was found to the tolerance.
  public var isConverged: Bool {
    !remarks.contains { if case .unconverged = $0 { true } else { false } }
  }

  /// Of each value whether it is an eigenvalue to the tolerance, and no estimate of one that was not
  /// found.
  package var isSettled: [Bool] {
    residuals.map { method == .dense || $0 <= 2 * tolerance }
  }

  /// The values that are eigenvalues to the tolerance.
  package var settled: [Complex] {
    zip(eigenvalues, isSettled).filter(\.1).map(\.0)
  }

  /// The largest magnitude: the spectral radius, if the largest were asked for.
  public var radius: Double { eigenvalues.map(\.magnitude).max() ?? 0 }

  /// The largest real part: the spectral abscissa, if the rightmost were asked for.
  public var abscissa: Double { eigenvalues.map(\.real).max() ?? 0 }

  /// The smallest real part, if the leftmost were asked for.
  public var leftmost: Double { eigenvalues.map(\.real).min() ?? 0 }

  /// The eigenvalues with real or imaginary parts made 0 that rounding may have put there.
  ///
  /// A double eigenvalue without two vectors is only known to the root of the precision, or where
  /// products are made to that of its residual.
  package var cleaned: [Complex] {
    // With room for what many such eigenvalues do to each other.
    let unit = dtype == .float64 ? 0x1p-44 : 0x1p-23
    let (radius, isIterated) = (radius, method == .krylov && structure == .general)
    return zip(eigenvalues, residuals).map { value, residual in
      let noise = 4 * (isIterated ? Swift.max(unit, residual) : unit).squareRoot() * radius
      return Complex(
        value.real.magnitude <= noise ? 0 : value.real,
        value.imaginary.magnitude <= noise ? 0 : value.imaginary)
    }
  }
}

extension Spectrum: CustomStringConvertible {
  public var description: String {
    let count =
      isComplete ? "all \(size) eigenvalues" : "\(eigenvalues.count) of \(size) eigenvalues"
    let lines = [
      "\(count) of a \(structure.rawValue) Jacobian (\(method.rawValue), \(products) products,"
        + " residual \(residual))",
      "radius \(radius), real parts from \(leftmost) to \(abscissa)",
    ]
    return (lines + remarks.map(\.description)).joined(separator: "\n")
  }
}
