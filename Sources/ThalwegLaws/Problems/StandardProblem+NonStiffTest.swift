import Foundation
import ThalwegDynamics
import ThalwegTensors

// MARK: - Of the test set of Hull, Enright, Fellen and Sedgwick
//
// Its classes D and E2 are `kepler-...` and `van-der-pol`.

extension StandardProblem {
  /// Single equations, small systems, chains of decays, and equations of higher order.
  static let nonStiffTest: [StandardProblem] =
    singleEquations + smallSystems + decays + higherOrder

  private static func detest(
    _ name: String, _ summary: String, from start: Tensor, _ solution: [Double], steps: Int,
    total: Double? = nil, magnitude: Double = 1, dynamics: ODE<Tensor>
  ) -> StandardProblem {
    StandardProblem(
      name: "detest-\(name)", summary: summary, components: solution.indices.map { "y\($0 + 1)" },
      equation: .firstOrder(dynamics, from: start), end: 20, solution: solution, steps: steps,
      picture: .series(0),
      source: "T. Hull, W. Enright, B. Fellen, A. Sedgwick, SIAM J. Numer. Anal. 9 (1972), 603-637",
      invariants: total.map { [.total(of: solution.count, is: $0)] } ?? [], magnitude: magnitude)
  }

  private static let singleEquations: [StandardProblem] = [
    detest(
      "a1", "y' = -y", from: [1], [2.061_153_622_438_558e-9], steps: 50, magnitude: 1e-9,
      dynamics: ODE { _, y in -y }),
    detest(
      "a2", "y' = -y³ / 2", from: [1], [0.218_217_890_235_992_4], steps: 200,
      dynamics: ODE { _, y in -0.5 * y * y * y }),
    detest(
      "a3", "y' = y cos t", from: [1], [2.491_650_271_850_414_5], steps: 200,
      dynamics: ODE { t, y in y * cos(t) }),
    detest(
      "a4", "y' = y/4 (1 - y/20)", from: [1], [17.730_166_481_314_84], steps: 100,
      dynamics: ODE { _, y in y / 4 * (1 - y / 20) }),
  ]

  private static let smallSystems: [StandardProblem] = [
    detest(
      "b1", "y1' = 2 y1 (1 - y2), y2' = -y2 (1 - y1)", from: [1, 3],
      [0.676_187_600_857_660_6, 0.186_081_609_964_002_97], steps: 400,
      dynamics: ODE { _, y in
        let meetings = y[0] * y[1]
        return [2 * (y[0] - meetings), meetings - y[1]]
      }),
    detest(
      "b2", "y1' = y2 - y1, y2' = y1 - 2 y2 + y3, y3' = y2 - y3", from: [2, 0, 1],
      [1.000_000_001_030_576_7, 1, 0.999_999_998_969_423_2], steps: 50, total: 3,
      dynamics: ODE { _, y in
        let (left, right) = (y[1] - y[0], y[1] - y[2])
        return [left, -left - right, right]
      }),
    detest(
      "b3", "y1' = -y1, y2' = y1 - y2², y3' = y2²", from: [1, 0, 0],
      [2.061_153_622_438_558e-9, 0.052_572_280_220_485_12, 0.947_427_717_718_361_2], steps: 100,
      total: 1, magnitude: 1e-9,
      dynamics: ODE { _, y in
        let last = square(y[1])
        return [-y[0], y[0] - last, last]
      }),
    detest(
      "b4", "y1' = -y2 - y1 y3 / r, y2' = y1 - y2 y3 / r, y3' = y1 / r, r² = y1² + y2²",
      from: [3, 0, 0], [0.982_695_092_800_653, 2.198_447_081_694_929_8, 0.912_945_250_727_627_7],
      steps: 400,
      dynamics: ODE { _, y in
        let radius = sqrt(square(y[0]) + square(y[1]))
        let pull = y[2] / radius
        return [-y[1] - y[0] * pull, y[0] - y[1] * pull, y[0] / radius]
      }),
  ]

  /// Each substance decays into the next; the last one stays.
  private static func chain(rates: [Double]) -> ODE<Tensor> {
    ODE { _, y in
      let decay = Tensor(rates + [0]) * y
      return decay.shifted(by: -1, along: 0, boundary: .zero) - decay
    }
  }

  private static let decays: [StandardProblem] = [
    detest(
      "c1", "y1' = -y1, yi' = y(i-1) - yi, y10' = y9", from: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [
        2.061_153_622_438_558e-9, 4.122_307_244_877_116e-8, 4.122_307_244_877_116e-7,
        2.748_204_829_918_077_3e-6, 1.374_102_414_959_038_6e-5, 5.496_409_659_836_154e-5,
        0.000_183_213_655_327_871_8, 0.000_523_467_586_651_062_3, 0.001_308_668_966_627_655_8,
        0.997_912_740_950_865,
      ], steps: 100, total: 1, magnitude: 1e-9,
      dynamics: chain(rates: [Double](repeating: 1, count: 9))),
    detest(
      "c2", "y1' = -y1, yi' = (i - 1) y(i-1) - i yi, y10' = 9 y9",
      from: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [
        2.061_153_622_438_558e-9, 2.061_153_618_190_203_7e-9, 2.061_153_613_941_849e-9,
        2.061_153_609_693_495e-9, 2.061_153_605_445_141e-9, 2.061_153_601_196_787e-9,
        2.061_153_596_948_432_3e-9, 2.061_153_592_700_078e-9, 2.061_153_588_451_724e-9,
        0.999_999_981_449_617_5,
      ], steps: 100, total: 1, magnitude: 1e-9, dynamics: chain(rates: (1...9).map(Double.init))),
  ]

  private static let higherOrder: [StandardProblem] = [
    detest(
      "e1", "y1' = y2, y2' = -y2 / (t + 1) - (1 - 0.25 / (t + 1)²) y1",
      from: Tensor([
        (2 / Double.pi).squareRoot() * Foundation.sin(1.0),
        (2 / Double.pi).squareRoot() * (Foundation.cos(1.0) - 0.5 * Foundation.sin(1.0)),
      ]),
      [0.145_672_360_072_824_66, -0.098_835_001_955_745_78], steps: 200,
      dynamics: ODE { t, y in
        let x = t + 1
        return [y[1], -y[1] / x - (1 - 0.25 / square(x)) * y[0]]
      }),
    detest(
      "e3", "y1' = y2, y2' = y1³ / 6 - y1 + 2 sin(2.78535 t)", from: [0, 0],
      [-0.100_417_885_864_724_07, 0.241_140_013_209_595_55], steps: 400,
      dynamics: ODE { t, y in
        let push = 2 * sin(2.785_35 * t)
        return [y[1], y[0] * y[0] * y[0] / 6 - y[0] + push]
      }),
    detest(
      "e4", "y1' = y2, y2' = 0.032 - 0.4 y2²", from: [30, 0],
      [33.950_914_446_465_56, 0.276_782_265_967_286_8], steps: 50,
      dynamics: ODE { _, y in [y[1], 0.032 - 0.4 * square(y[1])] }),
  ]
}
