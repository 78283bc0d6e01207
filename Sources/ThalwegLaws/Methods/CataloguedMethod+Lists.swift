public import ThalwegDynamics
import ThalwegIntegrators

// A method is added to the catalogue by a line in one of these lists.

extension CataloguedMethod where Field: Dynamics {
  /// The methods for y' = f(t, y).
  public static var firstOrder: [Self] {
    ButcherTableau.all.map(rungeKutta) + [
      reversibleHeun, asynchronousLeapfrog(damping: 1), asynchronousLeapfrog(damping: 0.8),
      leapfrogMidpoint,
    ]
  }
}

extension CataloguedMethod where Field: SeparableDynamics {
  /// The methods for q' = v(t, p), p' = f(t, q), beside those for any y' = f(t, y).
  public static var separable: [Self] {
    [symplecticEuler(.kickDrift), symplecticEuler(.driftKick), verlet]
  }
}

extension CataloguedMethod where Field: SecondOrderDynamics {
  /// The methods for y'' = f(t, y) from rest.
  public static var secondOrder: [Self] { [leapfrog(.network), leapfrog(.consistent)] }
}
