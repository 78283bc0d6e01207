import Foundation
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels

extension CataloguedMethod where Field: Dynamics {
  /// The entry for steps of size 1, whose amplification is a function of hλ and of hα.
  static func duFortFrankel(alpha α: Double) -> Self {
    Self(
      "du-fort-frankel", DuFortFrankel(alpha: α), evaluations: .init(toStart: 1, perStep: 1),
      stability: .init(real: 4 * α, imaginary: 0), comparedStep: 1
    ) { z in
      let share = Complex(1 / (1 + 2 * α))
      let first = 2 * α <= 1 ? -z : z * Complex(1 / (2 * α))
      return Amplification(
        [[(2 * z + Complex(4 * α)) * share, Complex(1 - 2 * α) * share], [1, 0]],
        start: [1, 1 + first])
    }
  }

  /// R(z) = sin((2n + 1) θ / 2) / ((2n + 1) sin(θ / 2)), cos θ = 1 + 3z / (n (n + 1)).
  ///
  /// Beyond θ = π it is -cosh((2n + 1) φ / 2) / ((2n + 1) cosh(φ / 2)) up to its sign.
  static func fastSemiIterative(cycle: Int) -> Self {
    let n = Double(cycle)
    let scale = 3 / (n * (n + 1))
    var (lower, upper) = (0.0, 2.0)
    for _ in 0..<60 {
      let φ = (lower + upper) / 2
      let size = Foundation.cosh((n + 0.5) * φ) / Foundation.cosh(φ / 2)
      if size < 2 * n + 1 { lower = φ } else { upper = φ }
    }
    return Self(
      "fsi-\(cycle)", FastSemiIterative(cycle: cycle), evaluations: .init(perStep: cycle),
      stability: .init(real: (1 + Foundation.cosh(lower)) / scale), rounding: .init(inStages: 10)
    ) { z in
      let cosine = 1 + z * Complex(scale)
      let sines = (1..<cycle).reduce((Complex(1), 2 * cosine + 1)) { pair, _ in
        (pair.1, 2 * cosine * pair.1 - pair.0)
      }
      return Amplification(sines.1 * Complex(1 / (2 * n + 1)))
    }
  }

  /// The sum of the powers of z up to the number of iterations, which is even.
  static func fixedPointEuler(iterations: Int) -> Self {
    Self(
      "fixed-point-euler", FixedPointEuler(iterations: iterations),
      evaluations: .init(perStep: iterations), stability: .init(real: 1, imaginary: 1),
      rounding: .init(inStages: 10)
    ) { z in
      Amplification((0..<iterations).reduce(Complex(1)) { sum, _ in 1 + z * sum })
    }
  }
}
