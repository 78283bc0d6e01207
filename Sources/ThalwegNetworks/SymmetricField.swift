package import ThalwegDynamics
import ThalwegTensors

/// Equations whose right-hand sides are symmetric layers, which can be exchanged.
package protocol SymmetricField: DifferentialEquation {
  /// The layers, in order.
  var layers: [SymmetricLayer] { get }
  /// The layers with the weights that they have at a time.
  func layers(at t: Double) -> [SymmetricLayer]
  /// The same equations with other layers, each made of the one in its place.
  func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self
}

extension SymmetricField {
  package func layers(at t: Double) -> [SymmetricLayer] { layers }
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

  package func layers(at t: Double) -> [SymmetricLayer] { equation.layers(at: t) }

  package func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self {
    FirstOrderSystem(try equation.mapLayers(transform))
  }
}

extension Varying: SymmetricField where Field: SymmetricField {
  package var layers: [SymmetricLayer] { fields.flatMap(\.layers) }

  package func layers(at t: Double) -> [SymmetricLayer] { field(at: Tensor(t)).layers }

  package func mapLayers(_ transform: (SymmetricLayer) throws -> SymmetricLayer) rethrows -> Self {
    Varying(try fields.map { try $0.mapLayers(transform) }, by: basis, over: span)
  }
}
