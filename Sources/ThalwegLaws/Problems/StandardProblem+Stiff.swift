import ThalwegDynamics
import ThalwegTensors

// MARK: - Slow solutions of fast equations

extension StandardProblem {
  /// The stiff problems.
  static let stiff: [StandardProblem] =
    robertson + [hires, oregonator] + e5 + [stiffVanDerPol, brusselatorLine]

  /// Three reactions whose rates differ by nine orders of magnitude, at ten times.
  static let robertson: [StandardProblem] = [
    reactions(
      "robertson", until: 40,
      [0.715_827_068_719_405, 9.185_534_764_557_764e-6, 0.284_163_745_745_830_37], steps: 100_000),
    reactions(
      "robertson-100", until: 100,
      [0.617_234_882_396_087_7, 6.153_591_274_639_123e-6, 0.382_758_964_012_637_6],
      steps: 300_000),
    reactions(
      "robertson-400", until: 400,
      [0.450_518_668_471_102_45, 3.222_901_441_674_611_5e-6, 0.549_478_108_627_455_9],
      steps: 1_500_000),
    reactions(
      "robertson-4000", until: 4_000,
      [0.183_202_257_776_709_32, 8.942_371_252_775_91e-7, 0.816_796_847_986_165_4]),
    reactions(
      "robertson-40000", until: 40_000,
      [0.038_983_377_085_482_85, 1.621_768_315_909_682_5e-7, 0.961_016_460_737_685_5]),
    reactions(
      "robertson-4e5", until: 4e5,
      [0.004_938_274_520_979_815, 1.984_994_087_954_375_6e-8, 0.995_061_705_629_079_3]),
    reactions(
      "robertson-4e6", until: 4e6,
      [0.000_516_809_601_492_438_4, 2.068_294_491_224_453_6e-9, 0.999_483_188_330_213_1]),
    reactions(
      "robertson-4e7", until: 4e7,
      [5.203_071_844_120_547_5e-5, 2.081_335_731_892_532_6e-10, 0.999_947_969_073_425_2]),
    reactions(
      "robertson-4e9", until: 4e9,
      [5.208_276_611_435_935e-7, 2.083_311_716_604_572e-12, 0.999_999_479_170_255_6]),
    reactions(
      "robertson-4e10", until: 4e10,
      [5.208_345_176_799_239e-8, 2.083_338_177_925_489e-13, 0.999_999_947_916_34]),
  ]

  private static func reactions(
    _ name: String, until end: Double, _ solution: [Double], steps: Int = 10_000_000
  ) -> StandardProblem {
    StandardProblem(
      name: name,
      summary: "y1' = -0.04 y1 + 1e4 y2 y3, y2' = -y1' - y3', y3' = 3e7 y2², until \(end)",
      components: ["y1", "y2", "y3"],
      equation: .firstOrder(
        ODE(Tensor([0.04, 1e4, 3e7])) { _, y, rates in
          let loss = rates[0] * y[0] - rates[1] * y[1] * y[2]
          let gain = rates[2] * square(y[1])
          return [-loss, loss - gain, gain]
        }, from: [1, 0, 0]),
      end: end, solution: solution, steps: steps, picture: .series(1),
      source: "H. Robertson, in: Numerical Analysis: An Introduction, 1966, 178-182",
      isStiff: true, invariants: [.total(of: 3, is: 1)], magnitude: 1e-6)
  }

  /// How light makes a plant grow: eight proteins.
  static let hires = StandardProblem(
    name: "hires", summary: "eight reactions of phytochrome, y6' = -280 y6 y8 + ...",
    components: (1...8).map { "y\($0)" },
    equation: .firstOrder(
      ODE { _, y in
        let bound = 280 * y[5] * y[7]
        let first = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007
        let third = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4]
        let fourth = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3]
        let fifth = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6]
        let sixth = 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6] - bound
        let seventh = bound - 1.81 * y[6]
        return [
          first, 1.71 * y[0] - 8.75 * y[1], third, fourth, fifth, sixth, seventh, -seventh,
        ]
      }, from: [1, 0, 0, 0, 0, 0, 0, 0.0057]),
    end: 321.8122,
    solution: [
      0.000_737_131_257_332_566_7, 0.000_144_248_572_631_618_48, 5.888_729_740_967_575e-5,
      0.001_175_651_343_283_149, 0.002_386_356_198_831_330_4, 0.006_238_968_252_742_795_6,
      0.002_849_998_395_185_768_5, 0.002_850_001_604_814_231_3,
    ],
    steps: 200_000, picture: .series(5),
    source: "E. Schäfer, J. Math. Biol. 2 (1975), 41-56", isStiff: true,
    invariants: [LinearInvariant(weights: [0, 0, 0, 0, 0, 0, 1, 1], value: 0.0057)],
    magnitude: 1e-4)

  /// Reactions that oscillate in sharp pulses.
  static let oregonator = StandardProblem(
    name: "orego",
    summary: "y1' = 77.27 (y2 + y1 (1 - 8.375e-6 y1 - y2)), y2' = (y3 - (1 + y1) y2) / 77.27, "
      + "y3' = 0.161 (y1 - y3)",
    components: ["y1", "y2", "y3"],
    equation: .firstOrder(
      ODE { _, y in
        let growth = y[0] * (1 - 8.375e-6 * y[0] - y[1])
        return [
          77.27 * (y[1] + growth), (y[2] - (1 + y[0]) * y[1]) / 77.27, 0.161 * (y[0] - y[2]),
        ]
      }, from: [1, 2, 3]),
    end: 30,
    solution: [1.000_661_467_180_496_8, 1_512.778_937_348_250_3, 10_358.543_127_672_276],
    steps: 5_000_000, picture: .series(2),
    source: "R. Field, R. Noyes, J. Chem. Phys. 60 (1974), 1877-1884", isStiff: true,
    magnitude: 1e-6)

  /// The circuit of ``vanDerPol`` where it jumps from one slow branch to the other.
  static let stiffVanDerPol = StandardProblem(
    name: "van-der-pol-1e-6", summary: "y1' = y2, y2' = ((1 - y1²) y2 - y1) / 1e-6",
    components: ["y1", "y2"],
    equation: .firstOrder(
      ODE { _, y in [y[1], ((1 - square(y[0])) * y[1] - y[0]) / 1e-6] }, from: [2, -0.66]),
    end: 2, solution: [1.706_167_437_543_195_4, -0.892_810_016_551_099_4], steps: 5_000_000,
    picture: .series(0),
    source: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section IV.10",
    isStiff: true)
}

// MARK: - Components of twenty orders of magnitude

extension StandardProblem {
  /// A pyrolysis whose products are traces, at five times.
  static let e5: [StandardProblem] = [
    pyrolysis(
      "e5", until: 10,
      [
        0.001_759_925_949_767_789_7, 1.384_628_151_937_651_7e-11, 7.637_003_853_007_391e-13,
        1.308_258_113_407_577_7e-11,
      ], steps: 200_000),
    pyrolysis(
      "e5-1e3", until: 1e3,
      [
        0.001_618_076_999_907_294_3, 1.382_237_030_498_373_6e-10, 8.251_573_500_683_834e-12,
        1.299_721_295_491_535_2e-10,
      ]),
    pyrolysis(
      "e5-1e5", until: 1e5,
      [
        7.481_320_822_429_222e-6, 2.373_478_156_120_597_6e-12, 2.212_358_668_958_166_3e-12,
        1.611_194_871_624_311_3e-13,
      ]),
    pyrolysis(
      "e5-1e7", until: 1e7,
      [
        4.715_033_363_040_164e-10, 1.818_889_586_080_702_3e-14, 1.818_881_237_678_672_5e-14,
        8.348_402_029_632_169e-20,
      ]),
    // The first and last component have long been zero to every digit.
    pyrolysis(
      "e5-1e13", until: 1e13, [0, 8.861_233_521_291_085e-23, 8.861_233_521_291_085e-23, 0]),
  ]

  private static func pyrolysis(
    _ name: String, until end: Double, _ solution: [Double], steps: Int = 10_000_000
  ) -> StandardProblem {
    StandardProblem(
      name: name,
      summary: "y1' = -a y1 - b y1 y3, y2' = a y1 - 1e6 c y2 y3, y3' = y2' - y4', "
        + "y4' = b y1 y3 - c y4, until \(end)",
      components: ["y1", "y2", "y3", "y4"],
      equation: .firstOrder(
        ODE { _, y in
          let decay = 7.89e-10 * y[0]
          let uptake = 1.1e7 * y[0] * y[2]
          let fourth = uptake - 1.13e3 * y[3]
          let second = decay - 1.13e9 * y[1] * y[2]
          return [-decay - uptake, second, second - fourth, fourth]
        }, from: [1.76e-3, 0, 0, 0]),
      end: end, solution: solution, steps: steps, picture: .series(1),
      source: "W. Enright, T. Hull, B. Lindberg, BIT 15 (1975), 10-48, class E", isStiff: true,
      invariants: [LinearInvariant(weights: [0, 1, -1, -1], value: 0)], magnitude: 1e-22)
  }
}

// MARK: - A partial differential equation

extension StandardProblem {
  /// The Brusselator with diffusion on 128 points.
  static let brusselatorLine: StandardProblem = {
    let line = BrusselatorLine(cells: 128)
    return StandardProblem(
      name: "brusselator-1d",
      summary: "u' = 1 + u²v - 4u + u'' / 50, v' = 3u - u²v + v'' / 50, 128 points",
      components: ["u", "v"].flatMap { name in (1...128).map { "\(name)\($0)" } },
      equation: .firstOrder(line.dynamics, from: line.start), end: line.end,
      solution: line.reference ?? [], steps: 10_000, picture: .series(31),
      source: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section IV.1",
      isStiff: true)
  }()
}
