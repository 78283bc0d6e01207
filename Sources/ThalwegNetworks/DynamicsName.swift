/// The kinds of dynamics of a block, by name.
public enum DynamicsName: String, Hashable, Sendable, CaseIterable {
  /// ``HamiltonianDynamics``.
  case hamiltonian
  /// ``ParabolicDynamics``.
  case parabolic
  /// ``SecondOrderSymmetricDynamics``.
  case secondOrder = "second-order"
}
