import Foundation
import Testing

/// Each example runs, draws its picture, and prints numbers that are known otherwise.
@Suite struct ExampleTests {
  @Test func `Verlet keeps the energy of a pendulum as its modified energy says`() throws {
    let outcome = try BuiltExample("pendulum-and-energy").outcome()
    // Steps of kick, drift and kick keep H + h² (p² cos q / 12 - sin² q / 24) up to h⁴. From rest at 1.5
    // the largest difference is at the bottom, where p² = 2 (1 - cos 1.5).
    let bottom = (1 - cos(1.5)) / 6
    let expected = 0.01 * (bottom + sin(1.5) * sin(1.5) / 24)
    #expect(abs(try outcome.number("Verlet energy error") / expected - 1) < 0.01)
    // The same for the first order: H ± h p sin q / 2, largest at cos q = (cos 1.5 + √(cos² 1.5 + 3)) / 3.
    let c = (cos(1.5) + (cos(1.5) * cos(1.5) + 3).squareRoot()) / 3
    let first = 0.05 * (2 * (c - cos(1.5)) * (1 - c * c)).squareRoot()
    #expect(abs(try outcome.number("symplectic Euler energy error") / first - 1) < 0.05)
    #expect(try outcome.number("forward Euler energy error") > 1)
    #expect(try outcome.number("Runge-Kutta 4 energy error") < 1e-5)
  }

  @Test func `rates are found within a percent`() throws {
    let outcome = try BuiltExample("lotka-volterra").outcome()
    for (index, rate) in [1.3, 0.9, 0.8, 1.8].enumerated() {
      #expect(abs(try outcome.number("rates found", index) / rate - 1) < 0.01)
      #expect(try outcome.number("true rates ", index) == rate)
    }
  }

  @Test func `a spiral is learned`() throws {
    let outcome = try BuiltExample("spiral").outcome()
    // Its radius falls from 2 to 0.4.
    #expect(try outcome.number("mean distance from the spiral") < 0.2)
  }

  @Test func `a stiff oscillator and its derivatives are right`() throws {
    let outcome = try BuiltExample("stiff-van-der-pol").outcome()
    // By Radau's method of SciPy 1.17 with tolerances of 1e-11 and 1e-12.
    #expect(abs(try outcome.number("y(2)") - 1.70616773217) < 1e-7)
    #expect(abs(try outcome.number("y(2)", 1) - -0.89280970102) < 1e-7)
    // The start falls onto the slow curve z = y / (1 - y²) with the slope -2/3 at 2. A later start is a
    // shift of time, so the derivative is z(2) / (-2/3), up to the order of ε.
    #expect(abs(try outcome.number("dy(2)/dy(0)") - 0.89280970102 * 1.5) < 1e-4)
    // As above, by differences of 2e-8.
    #expect(abs(try outcome.number("dy(2)/dε") / 412.902 - 1) < 1e-4)
    #expect(abs(try outcome.number("quotient of differences") / 412.902 - 1) < 1e-3)
  }

  @Test func `a learned energy is kept`() throws {
    let outcome = try BuiltExample("learned-hamiltonian").outcome()
    // The energy of the pendulum is between -1 and -cos 1.2 = -0.36.
    let drift = try outcome.number("learned energy energy drift")
    #expect(drift < 0.03)
    #expect(try outcome.number("plain network energy drift") > 5 * drift)
  }

  @Test func `a density sums to 1, and both divergences agree`() throws {
    let outcome = try BuiltExample("normalising-flow").outcome()
    #expect(abs(try outcome.number("integral of the density") - 1) < 1e-3)
    let error = try outcome.number("standard error")
    #expect(abs(try outcome.number("Hutchinson off by")) < 3.5 * error && error < 0.1)
    // A normal distribution of the same variances, which are 1.55 and 0.71: what a linear flow can.
    #expect(try outcome.number("log density of new points") > -2.75)
  }

  @Test func `series with gaps are recognised`() throws {
    let outcome = try BuiltExample("neural-cde").outcome()
    #expect(try outcome.number("missing 0.0 accuracy") > 0.9)
    #expect(try outcome.number("missing 0.3 accuracy") > 0.85)
  }

  private static var vowels: String? { ProcessInfo.processInfo.environment["THALWEG_VOWELS"] }

  @Test(.enabled(if: vowels != nil, "THALWEG_VOWELS is not the folder of JapaneseVowels_TRAIN.ts"))
  func `speakers are recognised`() throws {
    let outcome = try BuiltExample("neural-cde").outcome([try #require(Self.vowels)])
    #expect(try outcome.number("series") == 270 && outcome.lines[0].hasSuffix("classes 9"))
    #expect(try outcome.number("missing 0.0 accuracy") > 0.8)
  }

  @Test func `digits are read`() throws {
    let outcome = try BuiltExample("hamiltonian-digits").outcome()
    // The count is that of `thalweg train` and of the page on networks.
    #expect(try outcome.number("weights") == 21_146)
    #expect(try outcome.number("test accuracy") > 0.93)
  }

  @Test func `noise is removed, and edges stay`() throws {
    let outcome = try BuiltExample("denoising").outcome()
    // 0.1 is the standard deviation of the noise of 256 values.
    #expect(abs(try outcome.number("noisy error") - 0.1) < 0.015)
    let linear = try outcome.number("linear error")
    #expect(try linear < 0.08 && outcome.number("Perona-Malik error") < 0.6 * linear)
    // Sums of D* vanish: reflecting boundaries let nothing out.
    #expect(abs(try outcome.number("linear mean changed by")) < 1e-14)
    #expect(abs(try outcome.number("Perona-Malik mean changed by")) < 1e-14)
    #expect(outcome.lines.count { $0.hasSuffix("stable true") } == 2)
  }

  @Test func `a method of one's own has its order`() throws {
    let outcome = try BuiltExample("custom-integrator").outcome()
    #expect(abs(try outcome.number("order of the solution") - 3) < 0.1)
    #expect(abs(try outcome.number("order of the gradient") - 3) < 0.1)
    #expect(outcome.lines.contains("stored and checkpointed gradients are equal true"))
  }

  @Test func `an operation of one's own computes and has derivatives`() throws {
    let outcome = try BuiltExample("custom-operation").outcome()
    // Against the solution of s' = s (1 - s²), by steps of 1/20 of fourth order.
    #expect(try outcome.number("largest error of a length") < 1e-5)
    let derivative = try outcome.number("derivative")
    #expect(abs(try outcome.number("quotient of differences") / derivative - 1) < 1e-6)
  }
}
