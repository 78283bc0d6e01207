import Testing
import Thalweg
import ThalwegTestSupport

@Suite struct GradientFlowTests {
  private let edges = Tensor([-1, 1, 0, 0, -1, 1], shape: [2, 3])

  /// Perona-Malik diffusion: the flux of a difference s is s / (1 + s²).
  private var diffusion: GradientFlow<Tensor> {
    GradientFlow(edges) { u, k in 0.5 * sum(log(1 + square(matmul(k, u)))) }
  }

  @Test func `the field descends the energy`() {
    let u = Tensor([1, 3, 2.5])
    let flux = [2 / 5.0, -0.5 / 1.25]
    expectClose(
      diffusion(0, u).values, [flux[0], flux[1] - flux[0], -flux[1]], relative: 1e-15)
  }

  @Test func `its Jacobian is symmetric`() throws {
    let u = Tensor([1, 3, 2.5])
    let columns = (0..<3).map { column in
      let unit = Tensor((0..<3).map { $0 == column ? 1.0 : 0 })
      return jvp(at: u, along: unit) { diffusion(0, $0) }.derivative.values
    }
    for i in 0..<3 {
      for j in 0..<3 { expectClose(columns[i][j], columns[j][i], relative: 1e-14) }
    }
  }

  @Test func `energies fall along the flow and the mean stays`() throws {
    let flow = Flow(diffusion, over: 0...2, steps: 20, using: RungeKutta(.classic))
    let states = try flow.trajectory(from: Tensor([1, 3, 2.5])).states
    let energies = states.map { diffusion.energy($0).scalar }
    #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 > $1 })
    expectClose(states[20].values.reduce(0, +), 6.5, relative: 1e-14)
  }

  @Test func `states may be trees and parameters are trained`() throws {
    struct Pair: VectorSpace {
      var a: Tensor
      var b: Tensor
      static let branches = Branches(\Pair.a, \.b)
    }
    let field = GradientFlow(of: Pair.self, Tensor([2])) { y, w in
      sum(w * y.a * y.a * y.b) + sum(y.b * y.b)
    }
    let state = Pair(a: Tensor([3]), b: Tensor([5]))
    let slope = field(0, state)
    #expect(slope.a.values == [-60] && slope.b.values == [-28])
    #expect(field.parameters(as: Tensor.self).values == [2])
    try expectDerivatives(of: { concatenate($0(0, state).leaves) }, at: field)
  }
}
