public import ThalwegDynamics
import ThalwegIntegrators

// A method is added to the catalogue by a line in one of these lists.

extension CataloguedMethod where Field: Dynamics {
  /// The methods for y' = f(t, y).
  public static var firstOrder: [Self] {
    let explicit =
      ButcherTableau.all.map(rungeKutta) + EmbeddedTableau.all.map(embedded) + [
        reversibleHeun, asynchronousLeapfrog(damping: 1), asynchronousLeapfrog(damping: 0.8),
        leapfrogMidpoint, momentum(0.5), rkc2(stages: 8), rkl2(stages: 8),
        duFortFrankel(alpha: 1), fastSemiIterative(cycle: 5), fixedPointEuler(iterations: 4),
      ]
    let implicit =
      [backwardEuler, trapezoid, theta(0.75), implicitMidpoint, sdirk2]
      + DiagonallyImplicitTableau.all.map(diagonallyImplicit) + [radauIIA5, gauss4]
    return explicit + implicit
  }
}

extension CataloguedMethod where Field: SplitDynamics {
  /// The methods for sums of a stiff and another part, beside those for any y' = f(t, y).
  public static var split: [Self] { AdditiveTableau.all.map(additive) }
}

extension CataloguedMethod where Field: SeparableDynamics {
  /// The methods for q' = v(t, p), p' = f(t, q), beside those for any y' = f(t, y).
  public static var separable: [Self] {
    [symplecticEuler(.kickDrift), symplecticEuler(.driftKick), verlet]
      + SymplecticComposition<Field>.Scheme.allCases.map(composition)
  }
}

extension CataloguedMethod where Field: SecondOrderDynamics {
  /// The methods for y'' = f(t, y) from rest.
  public static var secondOrder: [Self] { [leapfrog(.network), leapfrog(.consistent)] }
}
