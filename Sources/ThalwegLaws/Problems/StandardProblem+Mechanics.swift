import Foundation
import ThalwegDynamics
import ThalwegTensors

// MARK: - Motion under a force that depends on the position alone

extension StandardProblem {
  /// The problems of mechanics.
  static let mechanics: [StandardProblem] =
    [0.1, 0.3, 0.5, 0.6].map(kepler) + [pendulum, henonHeiles, rigidBody, arenstorf, arenstorfHalf]

  /// A planet on an ellipse of the given eccentricity, begun at the perihelion.
  static func kepler(eccentricity e: Double) -> StandardProblem {
    let solutions: [Double: [Double]] = [
      0.1: [
        0.219_883_535_200_839_67, 0.942_707_684_634_181_3, -0.978_765_984_105_817_6,
        0.328_797_799_096_203_6,
      ],
      0.3: [
        -0.177_702_735_714_041_16, 0.946_778_471_990_589_3, -1.030_294_163_192_969_6,
        0.121_107_489_005_395_21,
      ],
      0.5: [
        -0.578_043_295_303_536_2, 0.863_384_000_919_419_2, -0.959_508_373_038_072_7,
        -0.065_049_151_267_120_91,
      ],
      0.6: [
        -0.770_075_578_411_240_4, 0.788_344_816_994_424_4, -0.894_183_731_988_691_5,
        -0.123_461_764_158_440_96,
      ],
    ]
    return StandardProblem(
      name: "kepler-\(e)", summary: "q'' = -q / |q|³, eccentricity \(e)",
      components: ["q1", "q2", "p1", "p2"],
      equation: .separable(
        SeparableODE { _, p in
          p
        } force: { _, q in
          -q / pow(sum(q * q), 1.5)
        },
        from: PhasePoint(
          q: Tensor([1 - e, 0.0]), p: Tensor([0.0, ((1 + e) / (1 - e)).squareRoot()]))),
      end: 20, solution: solutions[e] ?? [], steps: 2_000, picture: .orbit(0, 1),
      source: "T. Hull et al., SIAM J. Numer. Anal. 9 (1972), class D")
  }

  /// A star in the plane of a galaxy, at an energy where some orbits are chaotic.
  static let henonHeiles = StandardProblem(
    name: "henon-heiles", summary: "q1'' = -q1 - 2 q1 q2, q2'' = -q2 - q1² + q2²",
    components: ["q1", "q2", "p1", "p2"],
    equation: .separable(
      SeparableODE { _, p in
        p
      } force: { _, q in
        let (q1, q2) = (q[0], q[1])
        return [-q1 - 2 * q1 * q2, square(q2) - square(q1) - q2]
      },
      from: PhasePoint(q: [0, 0.1], p: [0.5, 0])),
    end: 10,
    solution: [
      -0.092_588_510_691_839_9, -0.239_881_718_938_069_34, -0.221_275_515_561_733_55,
      0.373_048_338_646_836_06,
    ], steps: 500, picture: .orbit(0, 1),
    source: "M. Hénon, C. Heiles, Astron. J. 69 (1964), 73-79")

  /// A pendulum that is let go almost upright.
  static let pendulum = StandardProblem(
    name: "pendulum", summary: "θ'' = -sin θ, from rest at 2.5", components: ["θ", "θ'"],
    equation: .fromRest(SecondOrderODE { _, y in -sin(y) }, from: [2.5]),
    end: 50, solution: [1.595_828_214_073_529_6, 1.245_884_699_585_445_8], steps: 2_000,
    picture: .series(0), source: "exact by elliptic functions")

  /// A satellite between the earth and the moon on a closed orbit, for a period.
  static let arenstorf = threeBodies(
    "arenstorf", "one period", until: 17.065_216_560_157_963,
    [0.994, 0, 0, -2.001_585_106_379_082_5])

  /// The same for half a period.
  static let arenstorfHalf = threeBodies(
    "arenstorf-half", "half a period", until: 17.065_216_560_157_963 / 2,
    [-1.244_822_052_026_569_8, 0, 0, 0.553_990_308_142_223])

  private static func threeBodies(
    _ name: String, _ time: String, until end: Double, _ solution: [Double]
  ) -> StandardProblem {
    StandardProblem(
      name: name, summary: "restricted three bodies, rotating frame, \(time)",
      components: ["q1", "q2", "p1", "p2"],
      equation: .firstOrder(
        ODE { _, y in
          let (moon, earth) = (0.012_277_471, 1 - 0.012_277_471)
          let (q1, q2, p1, p2) = (y[0], y[1], y[2], y[3])
          let toEarth = pow(square(q1 + moon) + square(q2), 1.5)
          let toMoon = pow(square(q1 - earth) + square(q2), 1.5)
          let force1 = earth * (q1 + moon) / toEarth + moon * (q1 - earth) / toMoon
          let force2 = earth * q2 / toEarth + moon * q2 / toMoon
          let (push1, push2) = (q1 + 2 * p2 - force1, q2 - 2 * p1 - force2)
          return [p1, p2, push1, push2]
        }, from: [0.994, 0, 0, -2.001_585_106_379_082_5]),
      end: end, solution: solution, steps: 100_000, picture: .orbit(0, 1),
      source: "R. Arenstorf, Amer. J. Math. 85 (1963), 27-35")
  }

  /// A book thrown into the air: its angular velocities along the axes of inertia.
  static let rigidBody = StandardProblem(
    name: "rigid-body", summary: "y1' = -2 y2 y3, y2' = 1.25 y1 y3, y3' = -0.5 y1 y2",
    components: ["y1", "y2", "y3"],
    equation: .firstOrder(
      ODE { _, y in Tensor([-2, 1.25, -0.5]) * [y[1] * y[2], y[0] * y[2], y[0] * y[1]] },
      from: [1, 0, 0.9]),
    end: 20,
    solution: [0.606_203_853_964_812_2, 0.628_747_210_450_178, 0.807_385_148_575_602_6],
    steps: 500, picture: .orbit(0, 1),
    source: "L. Euler, 1758; E. Hairer et al., Geometric Numerical Integration, section IV.1")
}
