import ThalwegDynamics
import ThalwegTensors

// MARK: - Populations, reactions and circuits

extension StandardProblem {
  /// The problems of nature and technology that are not stiff.
  static let reactions: [StandardProblem] = [lotkaVolterra, lorenz, brusselator, vanDerPol]

  /// Prey and predators.
  static let lotkaVolterra = StandardProblem(
    name: "lotka-volterra", summary: "y1' = 1.5 y1 - y1 y2, y2' = -3 y2 + y1 y2",
    components: ["prey", "predators"],
    equation: .firstOrder(
      ODE { _, y in
        let meetings = y[0] * y[1]
        return [1.5 * y[0] - meetings, meetings - 3 * y[1]]
      }, from: [1, 1]),
    end: 10, solution: [1.026_344_767_575_089_4, 0.909_691_078_136_041_7], steps: 500,
    picture: .orbit(0, 1), source: "A. Lotka, 1925; V. Volterra, 1926")

  /// Convection in a layer of fluid, on its strange attractor.
  static let lorenz = StandardProblem(
    name: "lorenz", summary: "y1' = 10 (y2 - y1), y2' = y1 (28 - y3) - y2, y3' = y1 y2 - 8/3 y3",
    components: ["y1", "y2", "y3"],
    equation: .firstOrder(
      ODE { _, y in
        let turning = y[0] * (28 - y[2]) - y[1]
        let heating = y[0] * y[1] - 8.0 / 3 * y[2]
        return [10 * (y[1] - y[0]), turning, heating]
      }, from: [1, 0, 0]),
    end: 5,
    solution: [-6.974_570_472_684_818, -7.021_060_890_822_531, 25.119_616_492_127_594],
    steps: 2_000, picture: .orbit(0, 2), source: "E. Lorenz, J. Atmos. Sci. 20 (1963), 130-141")

  /// Two chemicals whose concentrations oscillate.
  static let brusselator = StandardProblem(
    name: "brusselator", summary: "y1' = 1 + y1² y2 - 4 y1, y2' = 3 y1 - y1² y2",
    components: ["y1", "y2"],
    equation: .firstOrder(
      ODE { _, y in
        let reaction = y[0] * y[0] * y[1]
        return [1 + reaction - 4 * y[0], 3 * y[0] - reaction]
      }, from: [1.5, 3]),
    end: 20, solution: [0.498_637_071_268_347_83, 4.596_780_349_452_011], steps: 2_000,
    picture: .orbit(0, 1), source: "R. Lefever, G. Nicolis, J. Theor. Biol. 30 (1971), 267-284")

  /// A circuit with a valve that feeds small oscillations and damps large ones.
  static let vanDerPol = StandardProblem(
    name: "van-der-pol", summary: "y1' = y2, y2' = (1 - y1²) y2 - y1", components: ["y1", "y2"],
    equation: .firstOrder(
      ODE { _, y in [y[1], (1 - square(y[0])) * y[1] - y[0]] }, from: [2, 0]),
    end: 20, solution: [2.008_149_762_174_948_4, -0.042_508_875_273_202_15], steps: 1_000,
    picture: .orbit(0, 1),
    source: "B. van der Pol, Phil. Mag. 2 (1926), 978-992")
}
