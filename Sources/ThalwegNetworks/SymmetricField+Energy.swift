package import ThalwegDynamics
package import ThalwegTensors

/// Equations with an energy: a number that they keep, or of diffusion one that they lower.
package protocol EnergyField: DifferentialEquation {
  /// The energy of a state, where one is known.
  func energy(of y: State) -> Tensor?
}

extension ParabolicDynamics: EnergyField {
  package func energy(of y: Tensor) -> Tensor? { layer.potential(y) }
}

extension HamiltonianDynamics: EnergyField {
  package func energy(of y: PhasePoint) -> Tensor? {
    guard let kinetic = first.potential(y.p), let potential = second.potential(y.q) else {
      return nil
    }
    return kinetic + potential
  }
}

extension FirstOrderSystem: EnergyField where Equation == SecondOrderSymmetricDynamics {
  package func energy(of y: PhasePoint) -> Tensor? {
    equation.layer.potential(y.q).map { 0.5 * sum(square(y.p)) + $0 }
  }
}

extension SymmetricLayer {
  /// The sum of Φ(s K y + b) / s, where Φ' = σ: what F descends.
  ///
  /// There is none where it is unknown.
  package func potential(_ y: Tensor) -> Tensor? {
    guard normalization == .none else { return nil }
    var z = convolved(y)
    if let scale { z = z * scale.perChannel }
    if let bias { z = z + bias.perChannel }
    guard let potential = activation.potential(z) else { return nil }
    return sum(scale.map { potential / $0.perChannel } ?? potential)
  }
}

extension Activation {
  /// A function whose derivative is the activation, where there is an elementary one.
  func potential(_ x: Tensor) -> Tensor? {
    switch self {
    case .relu: 0.5 * square(ThalwegTensors.relu(x))
    // log cosh x without overflow, up to a constant.
    case .tanh: ThalwegTensors.softplus(2 * x) - x
    case .sigmoid: ThalwegTensors.softplus(x)
    case .softplus: nil
    }
  }
}
