import ThalwegDynamics
import ThalwegIntegrators

extension CataloguedMethod where Field: Dynamics {
  /// Stages close to one another enter with large weights of both signs.
  private static var roundings: [String: Rounding] {
    [
      "tsitouras5": .init(inStages: 30), "verner6": .init(inWeights: 350, inStages: 2e4),
      "dormand-prince8": .init(inWeights: 15, inStages: 10),
    ]
  }

  /// The entry of a pair, whose stability is that of its R(z).
  static func embedded(_ tableau: EmbeddedTableau) -> Self {
    let a = Array(tableau.a.prefix(tableau.stages))
    let interval = embeddedIntervals[tableau.name]
    return Self(
      tableau.name, EmbeddedRungeKutta(tableau),
      evaluations: .init(toStart: 1, perStep: tableau.stages),
      stability: .init(real: interval?.real, imaginary: interval?.imaginary),
      isOptimized: true, rounding: roundings[tableau.name] ?? .init(),
      amplification: Amplification.carryingSlope(a, tableau.b))
  }
}

/// Where |R(z)| first exceeds 1 on both axes, computed from the polynomials with 40 digits.
private let embeddedIntervals: [String: (real: Double, imaginary: Double)] = [
  "bogacki-shampine3": (2.512_745_326_618_328_6, 1.732_050_807_568_877_3),
  "dormand-prince5": (3.306_567_892_634_946_5, 0.997_189_008_632_529_92),
  "tsitouras5": (3.506_846_993_804_929_2, 0.477_978_868_882_791_59),
  "verner6": (4.855_274_314_489_581_9, 2.584_199_567_607_457_5),
  "dormand-prince8": (6.393_651_522_851_065_4, 5.960_359_811_702_779_4),
]
