/// Why multigrid did not solve an equation.
public struct MultigridError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The relative residual at the end.
  public let residual: Double
  /// The number of cycles.
  public let cycles: Int

  public var description: String {
    """
    multigrid: a relative residual of \(residual) is left after \(cycles) cycles. If it stays where \
    rounding lets it be, raise the tolerance; if it falls slowly, take sides with many factors of 2, or \
    more sweeps.
    """
  }
}
