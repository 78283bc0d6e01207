package import ThalwegKernels

/// Why a spectrum could not be computed, with numbers and advice.
public enum SpectrumError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The Jacobian has entries that are NaN or infinite.
  case notFinite
  /// No eigenvalue was found to the tolerance: products made, and the best residual relative to the
  /// largest eigenvalue seen.
  case notConverged(products: Int, residual: Double)
  /// Samples were said to be independent, and their derivatives in a batch miss those of one alone.
  case dependentSamples(relativeError: Double)
  /// An iteration of LAPACK did not end, or it refused its arguments: routine and code.
  case failed(routine: String, code: Int)

  /// What a routine reports.
  package init(_ error: LAPACKError) {
    self =
      switch error {
      case .notFinite: .notFinite
      case .notConverged(let routine, let missing): .failed(routine: routine, code: missing)
      case .refused(let routine, let code): .failed(routine: routine, code: code)
      }
  }

  /// What to try.
  public var advice: String {
    switch self {
    case .notFinite:
      "Look at the state and the parameters: one of them is not finite, or the dynamics divide by 0."
    case .notConverged:
      """
      Eigenvalues lie close together there: ask for more of them or for others, raise the tolerance, \
      or compute all of them with 'by: .dense'.
      """
    case .dependentSamples: "Leave 'samples: .independent' out."
    case .failed: "Look at the matrix: its entries may differ by more than the range of numbers."
    }
  }

  public var description: String {
    let event =
      switch self {
      case .notFinite: "the Jacobian is not finite"
      case .notConverged(let products, let residual):
        "no eigenvalue converged in \(products) products; the best has a relative residual of"
          + " \(residual)"
      case .dependentSamples(let error):
        "samples influence each other: a product in a batch misses that of one sample by \(error)"
      case .failed(let routine, let code): "\(routine) failed with code \(code)"
      }
    return "spectrum: \(event). \(advice)"
  }
}

/// Runs something of LAPACK or ARPACK and says in the words of spectra why it failed.
func translated<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as LAPACKError {
    throw SpectrumError(error)
  }
}
