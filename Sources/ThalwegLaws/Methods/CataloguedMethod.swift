public import ThalwegDynamics
public import ThalwegIntegrators

/// A method of the library with what is claimed of it: an entry of the lists that laws run over.
public struct CataloguedMethod<Field: DifferentialEquation>: Sendable {
  /// What a method evaluates, in evaluations of the right-hand side, or of the force.
  package struct Evaluations: Hashable, Sendable {
    /// Before the first step.
    var toStart = 0
    /// In each step.
    var perStep: Int

    package init(toStart: Int = 0, perStep: Int) {
      self.toStart = toStart
      self.perStep = perStep
    }
  }

  /// How far along an axis the plane of z = hλ is stable, from 0.
  package struct StabilityInterval: Hashable, Sendable {
    /// To the largest -x with spectral radius at most 1; nil where no interval is known.
    var real: Double?
    /// To the largest ix.
    var imaginary: Double?

    package init(real: Double? = nil, imaginary: Double? = nil) {
      self.real = real
      self.imaginary = imaginary
    }
  }

  /// The name in tables and on the command line.
  public let name: String
  /// The method.
  public let integrator: any Integrator<Field>
  let evaluations: Evaluations
  let stability: StabilityInterval
  /// Whether the energy of Hamiltonian dynamics is nearly conserved.
  let isSymplectic: Bool
  /// A step on a linear equation in closed form, as a function of z.
  let amplification: @Sendable (Complex) -> Amplification

  package init(
    _ name: String, _ integrator: any Integrator<Field>, evaluations: Evaluations,
    stability: StabilityInterval, isSymplectic: Bool = false,
    amplification: @escaping @Sendable (Complex) -> Amplification
  ) {
    self.name = name
    self.integrator = integrator
    self.evaluations = evaluations
    self.stability = stability
    self.isSymplectic = isSymplectic
    self.amplification = amplification
  }

  /// The method as one whose steps can be undone.
  var reversible: (any ReversibleIntegrator<Field>)? {
    integrator as? any ReversibleIntegrator<Field>
  }
}
