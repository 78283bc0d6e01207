public import ThalwegDynamics
public import ThalwegIntegrators
package import ThalwegKernels

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

  /// How far along an axis the plane of z = hλ is stable, from 0; infinity for all of it.
  package struct StabilityInterval: Hashable, Sendable {
    /// To the largest -x with spectral radius at most 1; nil where no interval is known.
    package var real: Double?
    /// To the largest ix.
    package var imaginary: Double?

    /// Whether R(z) vanishes at infinity.
    package var dampsAtInfinity = false

    package init(real: Double? = nil, imaginary: Double? = nil, dampsAtInfinity: Bool = false) {
      self.real = real
      self.imaginary = imaginary
      self.dampsAtInfinity = dampsAtInfinity
    }
  }

  /// How rounding errors grow in a method whose coefficients are large and of both signs.
  package struct Rounding: Hashable, Sendable {
    /// The sum of the magnitudes of the weights, or a bound on it.
    var inWeights = 1.0
    /// By how much the error of steps with |z| ≤ 3 exceeds that of the methods of the textbook.
    var inStages = 1.0

    package init(inWeights: Double = 1, inStages: Double = 1) {
      self.inWeights = inWeights
      self.inStages = inStages
    }
  }

  /// The name in tables and on the command line.
  public let name: String
  /// The method.
  public let integrator: any Integrator<Field>
  /// What it evaluates; nil where iterations decide.
  let evaluations: Evaluations?
  package let stability: StabilityInterval
  /// Whether the energy of Hamiltonian dynamics is nearly conserved.
  let isSymplectic: Bool
  /// What rounding errors of methods may grow to.
  let rounding: Rounding
  /// Whether the leading term of the error was made so small that the next one shows before it.
  let isOptimized: Bool
  /// The size of the steps that are compared with the closed form; 1 where that depends on it.
  let comparedStep: Double
  /// A step on a linear equation in closed form, as a function of z.
  package let amplification: @Sendable (Complex) -> Amplification

  package init(
    _ name: String, _ integrator: any Integrator<Field>, evaluations: Evaluations?,
    stability: StabilityInterval, isSymplectic: Bool = false, isOptimized: Bool = false,
    rounding: Rounding = Rounding(), comparedStep: Double = 0.25,
    amplification: @escaping @Sendable (Complex) -> Amplification
  ) {
    self.name = name
    self.integrator = integrator
    self.evaluations = evaluations
    self.stability = stability
    self.isSymplectic = isSymplectic
    self.isOptimized = isOptimized
    self.rounding = rounding
    self.comparedStep = comparedStep
    self.amplification = amplification
  }

  /// Whether steps solve equations, so that iterations decide what is evaluated.
  package var isImplicit: Bool { evaluations == nil }

  /// The method as one whose steps can be undone.
  var reversible: (any ReversibleIntegrator<Field>)? {
    integrator as? any ReversibleIntegrator<Field>
  }
}
