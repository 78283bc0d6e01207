package import ThalwegDynamics
import ThalwegIntegrators
package import ThalwegTensors

/// Every method of the library with every law that it must obey.
///
///     let failures = Catalogue.laws.map { $0.check() }.filter { !$0.passes }
///
/// A method is added by a line in `CataloguedMethod+Lists.swift`, a tableau by its entry in
/// ``ButcherTableau/all`` or the list of its own type.
public enum Catalogue {
  /// All laws, method by method.
  public static let laws: [Law] =
    ButcherTableau.all.map(\.orderConditionsLaw)
    + EmbeddedTableau.all.flatMap(\.orderConditionLaws)
    + DiagonallyImplicitTableau.all.flatMap(\.orderConditionLaws)
    + AdditiveTableau.all.flatMap(\.orderConditionLaws)
    + CollocationTableau.orderConditionLaws
    + CataloguedMethod<ODE<Tensor>>.firstOrder.flatMap(laws(of:))
    + CataloguedMethod<Split<ODE<Tensor>, ODE<Tensor>>>.split.flatMap(laws(of:))
    + CataloguedMethod<SeparableODE>.separable.flatMap(laws(of:))
    + CataloguedMethod<SecondOrderODE>.secondOrder.flatMap(laws(of:))

  /// The laws of a method for y' = f(t, y).
  package static func laws(of method: CataloguedMethod<ODE<Tensor>>) -> [Law] {
    method.laws + [method.continuousLaw]
  }

  /// The laws of a method for sums of a stiff and another part.
  package static func laws(
    of method: CataloguedMethod<Split<ODE<Tensor>, ODE<Tensor>>>
  ) -> [Law] { method.laws + [method.continuousLaw] }

  /// The laws of a method for q' = v(t, p), p' = f(t, q).
  package static func laws(of method: CataloguedMethod<SeparableODE>) -> [Law] {
    method.laws + [method.continuousLaw] + method.energyLaws
  }

  /// The laws of a method for y'' = f(t, y).
  package static func laws(of method: CataloguedMethod<SecondOrderODE>) -> [Law] { method.laws }
}

extension CataloguedMethod where Field: TestField {
  fileprivate var laws: [Law] {
    [amplificationLaw] + [stabilityLaw].compactMap { $0 } + halfPlaneLaws + orderLaws
      + reversalLaws + gradientLaws + pairLaws + costLaws
  }
}
