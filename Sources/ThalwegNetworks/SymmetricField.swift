import ThalwegDynamics

/// Equations whose right-hand sides are symmetric layers, which can be exchanged.
protocol SymmetricField: DifferentialEquation {
  /// The layers, in order.
  var layers: [SymmetricLayer] { get }
  /// The same equations with other layers, each made of the one in its place.
  func mapLayers(_ transform: (SymmetricLayer) -> SymmetricLayer) -> Self
}

extension ParabolicDynamics: SymmetricField {
  var layers: [SymmetricLayer] { [layer] }

  func mapLayers(_ transform: (SymmetricLayer) -> SymmetricLayer) -> Self {
    ParabolicDynamics(transform(layer))
  }
}

extension HamiltonianDynamics: SymmetricField {
  var layers: [SymmetricLayer] { [first, second] }

  func mapLayers(_ transform: (SymmetricLayer) -> SymmetricLayer) -> Self {
    HamiltonianDynamics(transform(first), transform(second))
  }
}

extension SecondOrderSymmetricDynamics: SymmetricField {
  var layers: [SymmetricLayer] { [layer] }

  func mapLayers(_ transform: (SymmetricLayer) -> SymmetricLayer) -> Self {
    SecondOrderSymmetricDynamics(transform(layer))
  }
}

extension FirstOrderSystem: SymmetricField where Equation: SymmetricField {
  var layers: [SymmetricLayer] { equation.layers }

  func mapLayers(_ transform: (SymmetricLayer) -> SymmetricLayer) -> Self {
    FirstOrderSystem(equation.mapLayers(transform))
  }
}
