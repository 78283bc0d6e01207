extension EmbeddedTableau {
  /// The pair of orders 5 and 4 of Dormand and Prince, with values of order 4 between steps.
  ///
  /// - Source: J. R. Dormand, P. J. Prince, "A family of embedded Runge-Kutta formulae", J. Comput.
  ///   Appl. Math. 6 (1980), 19-26, doi:10.1016/0771-050X(80)90013-3. The values between steps: E.
  ///   Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I", Springer,
  ///   1993, doi:10.1007/978-3-540-78862-1, section II.6.
  public static let dormandPrince5 = EmbeddedTableau(
    name: "dormand-prince5", order: 5,
    c: "0 1/5 3/10 4/5 8/9 1 1",
    a: """
      1/5;
      3/40 9/40;
      44/45 -56/15 32/9;
      19372/6561 -25360/2187 64448/6561 -212/729;
      9017/3168 -355/33 46732/5247 49/176 -5103/18656
      """,
    b: "35/384 0 500/1113 125/192 -2187/6784 11/84",
    errors: [
      .weights("5179/57600 0 7571/16695 393/640 -92097/339200 187/2100 1/40", order: 4)
    ],
    denseOrder: 4,
    dense: .nested(
      """
      -12715105075/11282082432 0 87487479700/32700410799 -10690763975/1880347072
      701980252875/199316789632 -1453857185/822651844 69997945/29380423
      """))
}
