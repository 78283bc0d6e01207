import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels

// Here z² = h²λ² is negative for oscillators. Real λ make the solution grow: no interval is claimed.

extension CataloguedMethod where Field: SeparableDynamics {
  static func symplecticEuler(_ variant: SymplecticEuler<Field>.Variant) -> Self {
    let isKickFirst = variant == .kickDrift
    return Self(
      isKickFirst ? "symplectic-euler" : "symplectic-euler-drift", SymplecticEuler(variant),
      evaluations: .init(perStep: 1), stability: .init(imaginary: 2), isSymplectic: true
    ) { z in
      let square = z * z
      return Amplification(
        isKickFirst ? [[1 + square, 1], [square, 1]] : [[1, 1], [square, 1 + square]],
        start: [1, 0])
    }
  }

  static var verlet: Self {
    Self(
      "verlet", Verlet(), evaluations: .init(perStep: 2), stability: .init(imaginary: 2),
      isSymplectic: true
    ) { z in
      let half = z * z * 0.5
      return Amplification([[1 + half, 1], [2 * half + half * half, 1 + half]], start: [1, 0])
    }
  }

  static func composition(_ scheme: SymplecticComposition<Field>.Scheme) -> Self {
    let limit =
      switch scheme {
      case .forestRuth: 1.5734103
      case .suzuki4: 2.7209759
      case .yoshida6: 2.2690616
      }
    let weights = scheme.weights
    return Self(
      scheme.rawValue, SymplecticComposition(scheme),
      evaluations: .init(perStep: weights.count + 1), stability: .init(imaginary: limit),
      // Parts are longer than the step, and some go backwards.
      isSymplectic: true, rounding: .init(inStages: scheme == .yoshida6 ? 100 : 10)
    ) { z in
      let square = z * z
      // The images of (1, 0) and (0, 1).
      let columns = [[Complex(1), 0], [0, 1]].map { start in
        weights.reduce(into: start) { y, weight in
          y[1] = y[1] + square * Complex(weight / 2) * y[0]
          y[0] = y[0] + y[1] * Complex(weight)
          y[1] = y[1] + square * Complex(weight / 2) * y[0]
        }
      }
      return Amplification(
        [[columns[0][0], columns[1][0]], [columns[0][1], columns[1][1]]], start: [1, 0])
    }
  }
}

extension CataloguedMethod where Field: SecondOrderDynamics {
  static func leapfrog(_ start: Leapfrog<Field>.Start) -> Self {
    let isConsistent = start == .consistent
    return Self(
      isConsistent ? "leapfrog-consistent" : "leapfrog", Leapfrog(start: start),
      evaluations: .init(toStart: isConsistent ? 1 : 0, perStep: 1),
      stability: .init(imaginary: 2)
    ) { z in
      let square = z * z
      return Amplification(
        [[2 + square, -1], [1, 0]], start: [1, isConsistent ? 1 + square * 0.5 : 1])
    }
  }
}
