import Testing
import Thalweg
import ThalwegLaws

/// Laws that nothing can break prove nothing: each must fail on a method that is wrong.
@Suite struct LawSensitivityTests {
  private func failures(_ laws: [Law]) -> Set<String> {
    Set(laws.filter { !$0.check().passes }.map(\.name))
  }

  private func verlet(
    _ integrator: any Integrator<SeparableODE>, evaluations: Int = 2, stable: Double = 2
  ) -> Set<String> {
    failures(
      Catalogue.laws(
        of: CataloguedMethod(
          "verlet", integrator, evaluations: .init(perStep: evaluations),
          stability: .init(imaginary: stable), isSymplectic: true
        ) { z in
          let half = z * z * 0.5
          return Amplification(
            [[1 + half, 1], [2 * half + half * half, 1 + half]], start: [1, 0])
        }))
  }

  @Test func `the sound method passes`() {
    #expect(verlet(Verlet()).isEmpty)
  }

  @Test(arguments: [
    (FaultyVerlet.Fault.lateForce, ["order, non-autonomous"]),
    (
      .wrongWayBack,
      ["undo one step", "undo 1000 steps", "gradient, reversible", "derivatives, reversible"]
    ),
    (.wrongTimeBack, ["undo one step", "undo 1000 steps"]),
    (.friction, ["R(z)", "energy of a chain"]),
    (.idleForce, ["evaluations", "evaluations, direct gradient"]),
    (
      .lostDerivative,
      ["gradient, differences", "derivatives, direct", "derivatives, checkpointed"]
    ),
  ])
  func `a fault is found by its law`(fault: FaultyVerlet.Fault, laws: [String]) {
    let failures = verlet(FaultyVerlet(fault: fault))
    #expect(failures.isSuperset(of: laws), "\(failures)")
  }

  @Test func `a fault of one kind leaves the laws of others alone`() {
    #expect(verlet(FaultyVerlet(fault: .lateForce)) == ["order, non-autonomous"])
    #expect(verlet(FaultyVerlet(fault: .wrongTimeBack)) == ["undo one step", "undo 1000 steps"])
  }

  @Test func `claims that are wrong are found`() {
    #expect(verlet(Verlet(), stable: 2.01) == ["stability interval"])
    let counts = verlet(Verlet(), evaluations: 1)
    #expect(counts.allSatisfy { $0.hasPrefix("evaluations") } && counts.count == 3)
  }

  /// A misprint in one weight.
  @Test func `a tableau with a wrong coefficient is found`() {
    let tableau = ButcherTableau(
      name: "misprint", order: 4, a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
      b: [1 / 6, 1 / 3, 1 / 6, 1 / 3])
    let method = CataloguedMethod<ODE<Tensor>>(
      "misprint", RungeKutta(tableau), evaluations: .init(perStep: 4),
      stability: .init(real: 2.785_293_563, imaginary: 2.828_427_125)
    ) { z in
      Amplification([4, 3, 2, 1].reduce(Complex(1)) { 1 + $0 * z * Complex(1 / $1) })
    }
    let found = failures(Catalogue.laws(of: method))
    let expected: Set = [
      "R(z)", "stability interval", "order, autonomous", "order, non-autonomous",
      "derivatives, continuous",
    ]
    #expect(found == expected)
    #expect(!tableau.orderConditionsLaw.check().passes)
  }

  @Test func `what is thrown counts as a failure`() {
    struct Refusal: Error {}
    let law = Law("refusal", of: "nothing") { throw Refusal() }
    let result = law.check()
    #expect(!result.passes && result.figure.isNaN && result.note.contains("Refusal"))
  }
}
