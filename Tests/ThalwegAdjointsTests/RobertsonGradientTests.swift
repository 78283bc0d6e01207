import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// How Robertson's reactions depend on their rates, beside what SUNDIALS prints of it.
@Suite struct RobertsonGradientTests {
  /// The derivatives of y₁, y₂, y₃ by each of the three rates at a time.
  struct Sensitivity: Sendable, CustomTestStringConvertible {
    let time: Double
    /// Rows of derivatives by one rate, from the equations of sensitivity by another implementation of
    /// Radau IIA at the tolerances 1e-11 and 1e-12, which agree in all these digits.
    let exact: [[Double]]
    /// What the example cvsRoberts_FSA_dns of SUNDIALS prints, with a tolerance of 1e-4.
    let printed: [[Double]]

    var testDescription: String { "t = \(time)" }
  }

  private static let sensitivities = [
    Sensitivity(
      time: 0.4,
      exact: [
        [-3.559_525_659_83e-1, 3.902_544_053_82e-4, 3.555_623_115_78e-1],
        [9.542_381_427_85e-8, -2.130_961_030_19e-10, -9.521_071_817_54e-8],
        [-1.583_176_635_56e-11, -5.290_041_093_22e-13, 1.636_077_046_49e-11],
      ],
      printed: [
        [-3.5595e-1, 3.9025e-4, 3.5556e-1], [9.5431e-8, -2.1309e-10, -9.5218e-8],
        [-1.5833e-11, -5.2900e-13, 1.6362e-11],
      ]),
    Sensitivity(
      time: 4,
      exact: [
        [-1.876_082_173_77, 1.792_180_590_01e-4, 1.875_902_955_71],
        [2.961_377_129_15e-6, -5.830_460_566_24e-10, -2.960_794_083_09e-6],
        [-4.933_436_805_09e-10, -2.762_621_961_09e-13, 4.936_199_427_05e-10],
      ],
      printed: [
        [-1.8761, 1.7922e-4, 1.8759], [2.9614e-6, -5.8305e-10, -2.9608e-6],
        [-4.9334e-10, -2.7626e-13, 4.9362e-10],
      ]),
    Sensitivity(
      time: 40,
      exact: [
        [-4.247_558_771_71, 4.591_196_249_25e-5, 4.247_512_859_74],
        [1.373_080_797_35e-5, -2.357_192_113_85e-10, -1.373_057_225_42e-5],
        [-2.288_355_088_91e-9, -1.138_059_509_35e-13, 2.288_468_894_86e-9],
      ],
      printed: [
        [-4.2475, 4.5913e-5, 4.2475], [1.3731e-5, -2.3573e-10, -1.3730e-5],
        [-2.2883e-9, -1.1380e-13, 2.2884e-9],
      ]),
    Sensitivity(
      time: 400,
      exact: [
        [-5.958_372_795_78, 3.542_697_288_60e-6, 5.958_369_253_08],
        [2.273_815_361_75e-5, -2.260_138_867_01e-11, -2.273_813_101_61e-5],
        [-3.789_672_200_84e-9, -4.994_818_702_33e-14, 3.789_722_149_02e-9],
      ],
      printed: [
        [-5.9584, 3.5431e-6, 5.9584], [2.2738e-5, -2.2605e-11, -2.2738e-5],
        [-3.7896e-9, -4.9948e-14, 3.7897e-9],
      ]),
  ]

  private typealias Reactions = Flow<RadauIIA5<ODE<Tensor>>>

  private func reactions(
    until time: Double, tolerance: Double, _ adjoint: some Adjoint<RadauIIA5<ODE<Tensor>>>
  ) -> Reactions {
    let field = ODE(Tensor([0.04, 1e4, 3e7])) { _, y, rates in
      let loss = rates[0] * y[0] - rates[1] * y[1] * y[2]
      let gain = rates[2] * square(y[1])
      return [-loss, loss - gain, gain]
    }
    let absolute = 1e-6 * tolerance
    let solver = NewtonKrylov(
      tolerance: 1e-3 * tolerance, absoluteTolerance: 1e-3 * absolute, derivativeTolerance: 1e-13)
    return Flow(
      field, over: 0...time, tolerance: .relative(tolerance, absolute: absolute),
      using: RadauIIA5(solver: solver), adjoint: adjoint)
  }

  /// The derivatives, by rates and then by components.
  private func derivatives(_ flow: Reactions) throws -> [[Double]] {
    let pulled = try (0..<3).map { component in
      let weight = Tensor((0..<3).map { $0 == component ? 1 : 0 })
      return try vjp(at: flow, from: weight) { try $0([1, 0, 0]) }.cotangent.leaves[0].values
    }
    return (0..<3).map { rate in pulled.map { $0[rate] } }
  }

  /// The largest error relative to the derivative itself.
  private func error(_ found: [[Double]], _ exact: [[Double]]) -> Double {
    zip(found.joined(), exact.joined()).map { abs($0 / $1 - 1) }.reduce(0, Swift.max)
  }

  @Test(arguments: sensitivities)
  func `the derivatives by the rates are those of the equation`(_ known: Sensitivity) throws {
    let direct = try derivatives(
      reactions(until: known.time, tolerance: 1e-10, DirectAdjoint()))
    #expect(error(direct, known.exact) < 1e-8, "\(direct)")
    let few = try derivatives(
      reactions(until: known.time, tolerance: 1e-10, CheckpointedAdjoint(budget: 5)))
    #expect(few == direct)
    // Sums of the state do not change, and neither do those of derivatives.
    for row in direct {
      #expect(abs(row.reduce(0, +)) < 1e-10 * row.map(abs).reduce(0, Swift.max), "\(row)")
    }
  }

  /// With the tolerance of SUNDIALS the derivatives are at least as near to those of the equation as
  /// the printed ones.
  @Test(arguments: sensitivities)
  func `the derivatives are those that SUNDIALS prints`(_ known: Sensitivity) throws {
    let found = try derivatives(reactions(until: known.time, tolerance: 1e-6, DirectAdjoint()))
    var agreeing = 0
    for (value, printed) in zip(found.joined(), known.printed.joined()) {
      // One in the fifth digit.
      let unit = Foundation.pow(10, Foundation.floor(Foundation.log10(abs(printed))) - 4)
      #expect(abs(value - printed) < 8 * unit, "\(value), \(printed)")
      if abs(value - printed) <= unit { agreeing += 1 }
    }
    // Its own errors show in the last digit or two of some.
    #expect(agreeing >= 5 && error(known.printed, known.exact) < 2e-4, "\(agreeing) of 9")
  }

  @Test func `errors of derivatives are in proportion to the tolerance`() throws {
    let known = Self.sensitivities[2]
    let errors = try [1e-4, 1e-6, 1e-8].map {
      error(
        try derivatives(reactions(until: known.time, tolerance: $0, DirectAdjoint())), known.exact)
    }
    for (error, tolerance) in zip(errors, [1e-4, 1e-6, 1e-8]) {
      #expect(error < 10 * tolerance, "\(errors)")
    }
  }
}
