package import ThalwegDynamics

/// Equations whose right-hand sides are symmetric layers, which can be exchanged.
package protocol SymmetricField: DifferentialEquation {
  /// The layers, in order.
  var layers: [SymmetricLayer] { get }
  /// The same equations with other layers, each made of the one in its place.
  func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self
}

extension ParabolicDynamics: SymmetricField {
  package var layers: [SymmetricLayer] { [layer] }

  package func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self {
    ParabolicDynamics(try transform(layer))
  }
}

extension HamiltonianDynamics: SymmetricField {
  package var layers: [SymmetricLayer] { [first, second] }

  package func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self {
    HamiltonianDynamics(try transform(first), try transform(second))
  }
}

extension SecondOrderSymmetricDynamics: SymmetricField {
  package var layers: [SymmetricLayer] { [layer] }

  package func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self {
    SecondOrderSymmetricDynamics(try transform(layer))
  }
}

extension FirstOrderSystem: SymmetricField where Equation: SymmetricField {
  package var layers: [SymmetricLayer] { equation.layers }

  package func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self {
    FirstOrderSystem(try equation.mapLayers(transform))
  }
}
