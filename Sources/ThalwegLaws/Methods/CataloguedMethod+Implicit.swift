import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels

/// As close to the root as rounding allows, so that laws see the method and not its solver.
private let solver = NewtonKrylov(tolerance: 1e-15, derivativeTolerance: 1e-15)

extension CataloguedMethod where Field: Dynamics {
  /// An entry of a method that is stable in the whole left half of the plane.
  private static func stable(
    _ name: String, _ integrator: any Integrator<Field>, dampsAtInfinity: Bool = false,
    isOptimized: Bool = false,
    amplification: @escaping @Sendable (Complex) -> Amplification
  ) -> Self {
    Self(
      name, integrator, evaluations: nil,
      stability: .init(
        real: .infinity, imaginary: .infinity, dampsAtInfinity: dampsAtInfinity),
      isOptimized: isOptimized, rounding: .init(inStages: 10), amplification: amplification)
  }

  static var backwardEuler: Self {
    stable("backward-euler", BackwardEuler(solver: solver), dampsAtInfinity: true) { z in
      Amplification(1 / (1 - z))
    }
  }

  static var trapezoid: Self {
    stable("trapezoid", Trapezoid(solver: solver)) { z in
      Amplification((1 + z * 0.5) / (1 - z * 0.5))
    }
  }

  static func theta(_ θ: Double) -> Self {
    stable("theta-\(θ)", Theta(θ, solver: solver)) { z in
      Amplification((1 + z * Complex(1 - θ)) / (1 - z * Complex(θ)))
    }
  }

  static var implicitMidpoint: Self {
    stable("implicit-midpoint", ImplicitMidpoint(solver: solver)) { z in
      Amplification((1 + z * 0.5) / (1 - z * 0.5))
    }
  }

  /// R(z) = (1 + (1 - 2γ) z) / (1 - γz)².
  static var sdirk2: Self {
    stable("sdirk2", SDIRK2(solver: solver), dampsAtInfinity: true) { z in
      let γ = 1 - 0.5.squareRoot()
      let pole = 1 - z * Complex(γ)
      return Amplification((1 + z * Complex(1 - 2 * γ)) / (pole * pole))
    }
  }

  static func diagonallyImplicit(_ tableau: DiagonallyImplicitTableau) -> Self {
    stable(
      tableau.name, DiagonallyImplicitRungeKutta(tableau, solver: solver), dampsAtInfinity: true,
      isOptimized: true, amplification: Amplification.carryingSlope(tableau.a, tableau.b))
  }

  static var gauss4: Self {
    stable("gauss4", Gauss4(solver: solver)) { z in
      let (even, odd) = (1 + z * z * Complex(1 / 12.0), z * 0.5)
      return Amplification((even + odd) / (even - odd))
    }
  }

  static var radauIIA5: Self {
    stable("radau5", RadauIIA5(solver: solver), dampsAtInfinity: true, isOptimized: true) { z in
      let square = z * z
      let above = 1 + z * 0.4 + square * 0.05
      let below = 1 - z * 0.6 + square * 0.15 - square * z * Complex(1 / 60.0)
      return .carryingSlope(above / below, z)
    }
  }
}

extension CataloguedMethod where Field: SplitDynamics {
  /// Of z the stiff part has three quarters.
  static func additive(_ tableau: AdditiveTableau) -> Self {
    Self(
      tableau.name, AdditiveRungeKutta(tableau, solver: solver), evaluations: nil,
      stability: .init(), isOptimized: true, rounding: .init(inStages: 10)
    ) { z in
      let implicit = tableau.implicit
      var stages: [Complex] = []
      for (explicitRow, implicitRow) in zip(tableau.explicit, implicit.a) {
        let known = zip(stages, zip(explicitRow, implicitRow)).reduce(Complex(1)) { sum, term in
          sum + z * Complex(0.25 * term.1.0 + 0.75 * term.1.1) * term.0
        }
        stages.append(known / (1 - z * Complex(0.75 * implicitRow[stages.count])))
      }
      return Amplification(
        zip(stages, implicit.b).reduce(1) { $0 + z * Complex($1.1) * $1.0 })
    }
  }
}
