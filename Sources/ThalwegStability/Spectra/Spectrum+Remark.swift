public import ThalwegKernels

extension Spectrum {
  /// What stands in the way of an easy reading of eigenvalues.
  public enum Remark: Hashable, Sendable, CustomStringConvertible {
    /// Fewer eigenvalues than asked for were found to the tolerance.
    case unconverged(found: Int, wanted: Int)
    /// An eigenvalue occurs about so often, by the share of a random vector in its space: to list the
    /// copies one by one is no well-posed question.
    case repeated(eigenvalue: Complex, copies: Int)

    public var description: String {
      switch self {
      case .unconverged(let found, let wanted):
        "\(found) of \(wanted) eigenvalues that were asked for are within the tolerance"
      case .repeated(let eigenvalue, let copies):
        "the eigenvalue \(eigenvalue) occurs about \(copies) times: how many copies are listed does"
          + " not mean anything"
      }
    }
  }
}
