import ThalwegKernels

/// Coefficients as papers print them: fractions and decimals, with semicolons between rows.
///
///     let rows: CoefficientRows = "1/5; 3/40 9/40"
///
/// Numbers of more digits than doubles have are rounded once, and fractions once more.
///
/// - Errors: traps at what is no number.
struct CoefficientRows: ExpressibleByStringLiteral {
  /// The numbers, row by row.
  let rows: [[Double]]

  init(stringLiteral text: String) {
    rows = text.split(separator: ";").map { row in
      row.split(whereSeparator: \.isWhitespace).map(Self.number)
    }
  }

  private static func number(_ text: Substring) -> Double {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count <= 2, let first = parts[0], let last = parts[parts.count - 1] else {
      fatalError("coefficients: '\(text)' is no number")
    }
    return parts.count == 1 ? first : first / last
  }

  /// The only row.
  var row: [Double] {
    require(rows.count == 1, "coefficients: \(rows.count) rows where one is expected")
    return rows[0]
  }
}
