extension DiagonallyImplicitTableau {
  /// The method of order 3 of Kværnø with an estimate of order 2, of 4 stages.
  ///
  /// - Source: A. Kværnø, "Singly diagonally implicit Runge-Kutta methods with an explicit first
  ///   stage", BIT Numer. Math. 44 (2004), 489-502, doi:10.1023/B:BITN.0000046811.70614.38.
  public static let kvaerno3 = DiagonallyImplicitTableau(
    name: "kvaerno3", order: 3, diagonal: 0.43586652150845899942,
    c: "0 0.87173304301691799883 1 1",
    a: """
      0.43586652150845899942;
      0.49056338842178057063 0.073570090069760429956;
      0.30880996997674652335 1.4905633884217805706 -1.2352398799069860934
      """,
    error: .weights(
      "0.49056338842178057063 0.073570090069760429956 0.43586652150845899942 0", order: 2))

  /// The method of order 4 of Kværnø with an estimate of order 3, of 5 stages.
  ///
  /// - Source: A. Kværnø, "Singly diagonally implicit Runge-Kutta methods with an explicit first
  ///   stage", BIT Numer. Math. 44 (2004), 489-502, doi:10.1023/B:BITN.0000046811.70614.38.
  public static let kvaerno4 = DiagonallyImplicitTableau(
    name: "kvaerno4", order: 4, diagonal: 0.57281606248213485541,
    c: "0 1.1456321249642697108 0.59710498765231149292 1 1",
    a: """
      0.57281606248213485541;
      0.16723546202721075075 -0.14294653685703411324;
      0.26260329025269581808 -0.31190432742056315302 0.47648497468573247953;
      0.19721654831283499584 0.17684378390637218603 0.8154421813508384474 -0.76231857605218048468
      """,
    error: .weights(
      """
      0.26260329025269581808 -0.31190432742056315302 0.47648497468573247953 0.57281606248213485541
      0
      """, order: 3))

  /// The method of order 5 of Kværnø with an estimate of order 4, of 7 stages.
  ///
  /// - Source: A. Kværnø, "Singly diagonally implicit Runge-Kutta methods with an explicit first
  ///   stage", BIT Numer. Math. 44 (2004), 489-502, doi:10.1023/B:BITN.0000046811.70614.38.
  public static let kvaerno5 = DiagonallyImplicitTableau(
    name: "kvaerno5", order: 5, diagonal: 0.26,
    c: "0 0.52 1.23033320996790809 0.89576598435007589 0.43639360985864758 1 1",
    a: """
      0.26;
      0.13 0.84033320996790809;
      0.22371961478320505 0.47675532319799699 -0.06470895363112615;
      0.16648564323248321 0.1045001884159172 0.03631482272098715 -0.13090704451073998;
      0.13855640231268224 0 -0.04245337201752043 0.02446657898003141 0.61943039072480676;
      0.13659751177640291 0 -0.05496908796538376 -0.04118626728321046 0.62993304899016403
      0.06962479448202728
      """,
    error: .weights(
      """
      0.13855640231268224 0 -0.04245337201752043 0.02446657898003141 0.61943039072480676 0.26 0
      """, order: 4))
}
