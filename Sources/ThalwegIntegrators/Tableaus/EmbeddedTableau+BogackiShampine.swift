extension EmbeddedTableau {
  /// The pair of orders 3 and 2 of Bogacki and Shampine, with cubic Hermite values between steps.
  ///
  /// - Source: P. Bogacki, L. F. Shampine, "A 3(2) pair of Runge-Kutta formulas", Appl. Math. Lett.
  ///   2 (1989), 321-325, doi:10.1016/0893-9659(89)90079-7.
  public static let bogackiShampine3 = EmbeddedTableau(
    name: "bogacki-shampine3", order: 3,
    c: "0 1/2 3/4 1",
    a: """
      1/2;
      0 3/4
      """,
    b: "2/9 1/3 4/9",
    errors: [.weights("7/24 1/4 1/3 1/8", order: 2)],
    denseOrder: 3, dense: .hermite)
}
