import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels

extension CataloguedMethod where Field: Dynamics {
  /// The entry of a tableau.
  ///
  /// Where the order equals the number of stages, R(z) is a section of the exponential series,
  /// whose intervals are in E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II",
  /// section IV.2.
  static func rungeKutta(_ tableau: ButcherTableau) -> Self {
    let isSection = tableau.order == tableau.stages
    let published: [Int: StabilityInterval] = [
      1: .init(real: 2, imaginary: 0), 2: .init(real: 2, imaginary: 0),
      3: .init(real: 2.512_745_326_618_328_7, imaginary: 3.0.squareRoot()),
      4: .init(real: 2.785_293_563_405_282_1, imaginary: 8.0.squareRoot()),
    ]
    return Self(
      tableau.name, RungeKutta(tableau), evaluations: .init(perStep: tableau.stages),
      stability: (isSection ? published[tableau.order] : nil) ?? .init(),
      amplification: Amplification.rungeKutta(
        tableau.stages, order: tableau.order, a: tableau.a, b: tableau.b))
  }

  static var reversibleHeun: Self {
    Self(
      "reversible-heun", ReversibleHeun(), evaluations: .init(perStep: 2),
      stability: .init(real: 0, imaginary: 1)
    ) { z in
      Amplification([[1 + z, z * z * 0.5], [2, z - 1]], start: [1, 1])
    }
  }

  /// With a velocity that is carried as hv.
  static func asynchronousLeapfrog(damping η: Double) -> Self {
    Self(
      η == 1 ? "alf" : "alf-\(η)", AsynchronousLeapfrog(damping: η),
      evaluations: .init(toStart: 1, perStep: 1),
      stability: .init(real: 2 * (1 - η) / η, imaginary: η == 1 ? 1 : 0)
    ) { z in
      let ηz = Complex(η) * z
      return Amplification(
        [[1 + ηz, Complex(1 - η) + ηz * 0.5], [2 * ηz, ηz + Complex(1 - 2 * η)]], start: [1, z])
    }
  }

  static var leapfrogMidpoint: Self {
    Self(
      "leapfrog-midpoint", LeapfrogMidpoint(), evaluations: .init(toStart: 1, perStep: 1),
      stability: .init(real: 0, imaginary: 1)
    ) { z in
      Amplification([[2 * z, 1], [1, 0]], start: [1, 1 - z])
    }
  }

  static func momentum(_ factor: Double) -> Self {
    Self(
      "momentum", Momentum(factor, start: .slope),
      evaluations: .init(toStart: 1, perStep: 1),
      stability: .init(real: 2 * (1 + factor) / (1 - factor), imaginary: 0)
    ) { z in
      // Of y and hv.
      let (γ, slope) = (Complex(factor), Complex(1 - factor) * z)
      return Amplification([[1 + slope, γ], [slope, γ]], start: [1, z])
    }
  }
}
