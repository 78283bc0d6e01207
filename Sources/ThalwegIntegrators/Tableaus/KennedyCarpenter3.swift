extension DiagonallyImplicitTableau {
  /// The implicit part of the method of order 3 of Kennedy and Carpenter, of 4 stages.
  ///
  /// - Source: C. A. Kennedy, M. H. Carpenter, "Additive Runge-Kutta schemes for
  ///   convection-diffusion-reaction equations", Appl. Numer. Math. 44 (2003), 139-181,
  ///   doi:10.1016/S0168-9274(02)00138-1, ARK3(2)4L[2]SA.
  public static let kenCarp3 = DiagonallyImplicitTableau(
    name: "kencarp3", order: 3, diagonal: 1_767_732_205_903 / 4_055_673_282_236,
    c: "0 1767732205903/2027836641118 3/5 1",
    a: """
      1767732205903/4055673282236;
      2746238789719/10658868560708 -640167445237/6845629431997;
      1471266399579/7840856788654 -4482444167858/7529755066697 11266239266428/11593286722821
      """,
    error: .weights(
      """
      2756255671327/12835298489170 -10771552573575/22201958757719 9247589265047/10645013368117
      2193209047091/5459859503100
      """, order: 2))
}

extension AdditiveTableau {
  /// The method of order 3 of Kennedy and Carpenter for sums of a stiff and another part.
  ///
  /// - Source: C. A. Kennedy, M. H. Carpenter, "Additive Runge-Kutta schemes for
  ///   convection-diffusion-reaction equations", Appl. Numer. Math. 44 (2003), 139-181,
  ///   doi:10.1016/S0168-9274(02)00138-1, ARK3(2)4L[2]SA.
  public static let kenCarp3 = AdditiveTableau(
    name: "kencarp3-imex", implicit: .kenCarp3,
    explicit: """
      1767732205903/2027836641118;
      5535828885825/10492691773637 788022342437/10882634858940;
      6485989280629/16251701735622 -4246266847089/9704473918619 10755448449292/10357097424841
      """)
}
