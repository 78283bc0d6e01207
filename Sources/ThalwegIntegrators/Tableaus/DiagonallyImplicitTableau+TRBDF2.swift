extension DiagonallyImplicitTableau {
  /// A step of the trapezoidal rule and one of the second backward differentiation formula, of order
  /// 2, with an estimate by a method of order 3.
  ///
  /// - Source: M. E. Hosea, L. F. Shampine, "Analysis and implementation of TR-BDF2", Appl. Numer.
  ///   Math. 20 (1996), 21-37, doi:10.1016/0168-9274(95)00115-8.
  public static let trBDF2: DiagonallyImplicitTableau = {
    let root = 2.0.squareRoot()
    let (w, d) = (root / 4, 1 - root / 2)
    let others = [(1 - w) / 3, (3 * w + 1) / 3, d / 3]
    return DiagonallyImplicitTableau(
      name: "tr-bdf2", order: 2, a: [[0], [d, d], [w, w, d]], c: [0, 2 - root, 1],
      error: ErrorEstimate(weights: zip([w, w, d], others).map { $0 - $1 }, order: 2),
      filtersError: true)
  }()
}
