import Foundation
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels

extension CataloguedMethod where Field: Dynamics {
  /// R(z) = 1 + b (T(w₀ + w₁ z) - T(w₀)), with T(cosh x) = cosh(sx).
  ///
  /// T is even for an even number of stages, so that R(z) is 1 again where its argument is -w₀, a little
  /// beyond the interval in which it is damped.
  static func rkc2(stages: Int) -> Self {
    let s = Double(stages)
    let center = 1 + 2 / (13 * s * s)
    let angle = Foundation.acosh(center)
    let value = Foundation.cosh(s * angle)
    let slope = s * Foundation.sinh(s * angle) / Foundation.sinh(angle)
    let bend = (s * s * value - center * slope) / (center * center - 1)
    return Self(
      "rkc2-\(stages)", RKC2(stages: stages), evaluations: .init(toStart: 1, perStep: stages),
      stability: .init(real: 2 * center * bend / slope), rounding: .init(inStages: 100)
    ) { z in
      let argument = Complex(center) + z * Complex(slope / bend)
      let polynomial = polynomial(stages, at: argument) { _ in (2, 1) }
      let weight = Complex(bend / (slope * slope))
      return .carryingSlope(1 + weight * (polynomial - Complex(value)), z)
    }
  }

  /// R(z) = 1 + b (P(1 + w z) - 1).
  static func rkl2(stages: Int) -> Self {
    let s = Double(stages)
    let length = (s * s + s - 2) / 2
    return Self(
      "rkl2-\(stages)", RKL2(stages: stages), evaluations: .init(perStep: stages),
      stability: .init(real: length), rounding: .init(inStages: 100)
    ) { z in
      let polynomial = polynomial(stages, at: 1 + z * Complex(2 / length)) { j in
        ((2 * j - 1) / j, (j - 1) / j)
      }
      let weight = Complex(length / (s * s + s))
      return Amplification(1 + weight * (polynomial - 1))
    }
  }
}

/// The value of the polynomials Pⱼ(x) = rⱼ x Pⱼ₋₁(x) - qⱼ Pⱼ₋₂(x), the first of which are 1 and x.
private func polynomial(
  _ degree: Int, at x: Complex, _ recurrence: (Double) -> (r: Double, q: Double)
) -> Complex {
  (2...degree).reduce((Complex(1), x)) { values, j in
    let (r, q) = recurrence(Double(j))
    return (values.1, Complex(r) * x * values.1 - Complex(q) * values.0)
  }.1
}
