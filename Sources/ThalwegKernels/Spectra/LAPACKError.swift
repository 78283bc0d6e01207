/// Why a routine of LAPACK or ARPACK has no result.
package enum LAPACKError: Error, Hashable {
  /// The matrix or a product holds NaN or infinite numbers.
  case notFinite
  /// The iteration of a routine did not end; so many values are missing where it says.
  case notConverged(routine: String, missing: Int)
  /// A routine refused what it was given, with this code.
  case refused(routine: String, code: Int)

  static func check(_ code: Int32, _ routine: String) throws(LAPACKError) {
    guard code != 0 else { return }
    if code > 0 { throw .notConverged(routine: routine, missing: Int(code)) }
    throw .refused(routine: routine, code: Int(code))
  }
}
