import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

@Suite struct SeparableHamiltonianTests {
  private struct Spring: TensorTree {
    var stiffness: Tensor
    var mass: Tensor
    static let branches = Branches(\Spring.stiffness, \.mass)
  }

  private let oscillator = SeparableHamiltonian(
    Spring(stiffness: Tensor([3], shape: []), mass: Tensor([0.5], shape: []))
  ) { p, spring in
    sum(p * p) / (2 * spring.mass)
  } potential: { q, spring in
    0.5 * spring.stiffness * sum(q * q) + 0.1 * sum(q * q * q * q)
  }

  @Test func `the field is the gradient of the energy, turned by a right angle`() throws {
    let state = PhasePoint(q: Tensor([1, -2]), p: Tensor([0.3, 4]))
    let field = oscillator(0, state)
    expectClose(field.q.values, [0.6, 8], relative: 1e-15)
    expectClose(field.p.values, [-3 - 0.4, 6 + 3.2], relative: 1e-15)
    let gradient = try valueAndGradient(at: state) { oscillator.energy($0) }.gradient
    expectClose(field.q, gradient.p, relative: 1e-15)
    expectClose(field.p, -gradient.q, relative: 1e-15)
  }

  @Test func `the energy is a conserved quantity of its flow`() throws {
    let start = PhasePoint(q: Tensor([1, -2]), p: Tensor([0.3, 4]))
    let flow = Flow(oscillator, over: 0...10, steps: 4_000, using: RungeKutta(.classic))
    let energies = [start, try flow(start)].map { oscillator.energy($0).scalar }
    expectClose(energies[1], energies[0], relative: 1e-9)
  }

  @Test func `fields that are gradients can be differentiated by their parameters`() throws {
    let state = PhasePoint(q: Tensor([1, -2]), p: Tensor([0.3, 4]))
    try expectDerivatives(
      of: { field in concatenate(field(0, state).leaves) }, at: oscillator)
    try expectDerivatives(of: { concatenate(oscillator(0, $0).leaves) }, at: state)
  }

  /// q'' = -k q from rest at 1: q(T) = cos(√k T), and its derivative by k.
  @Test func `a trained stiffness has the gradient of the closed form`() throws {
    let k = 2.3
    let field = SeparableHamiltonian(Tensor([k], shape: [])) { p, _ in
      0.5 * sum(p * p)
    } potential: { q, k in
      0.5 * k * sum(q * q)
    }
    let flow = Flow(
      field, over: 0...1, steps: 200, using: RungeKutta(.classic))
    let start = PhasePoint(q: Tensor([1]), p: Tensor([0]))
    let (value, gradient) = try valueAndGradient(at: flow) { sum(try $0(start).q) }
    let root = k.squareRoot()
    // The error of 200 steps of order 4.
    expectClose(value.scalar, Foundation.cos(root), relative: 0, absolute: 1e-10)
    let slope = gradient.dynamics.parameters(as: Tensor.self).scalar
    expectClose(slope, -Foundation.sin(root) / (2 * root), relative: 0, absolute: 1e-10)
  }

  @Test func `symplectic steps and their reversible gradient`() throws {
    func gradient(_ adjoint: some Adjoint<Verlet<SeparableHamiltonian>>) throws -> [Double] {
      let flow = Flow(oscillator, over: 0...2, steps: 50, using: Verlet(), adjoint: adjoint)
      let start = PhasePoint(q: Tensor([1, -2]), p: Tensor([0.3, 4]))
      return try valueAndGradient(at: flow) { sum(try $0(start).q) }.gradient.leaves
        .flatMap(\.values)
    }
    let direct = try gradient(DirectAdjoint())
    #expect(try gradient(CheckpointedAdjoint(budget: 3)) == direct)
    expectClose(try gradient(ReversibleAdjoint()), direct, relative: 1e-12)
  }

  @Test func `parameters keep their type`() {
    let spring = oscillator.parameters(as: Spring.self)
    #expect(spring.stiffness.scalar == 3 && spring.mass.scalar == 0.5)
    #expect(oscillator.leafList.paths == ["stored.0.stiffness", "stored.0.mass"])
  }
}
