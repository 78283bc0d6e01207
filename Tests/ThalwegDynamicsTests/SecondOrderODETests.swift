import Testing
import Thalweg
import ThalwegTestSupport

@Suite struct SecondOrderODETests {
  private let spring = SecondOrderODE(Tensor([4])) { t, y, k in t - k * y }

  @Test func `the acceleration is the closure`() {
    #expect(spring.acceleration(10, Tensor([2])).values == [2])
    #expect(spring.parameters(as: Tensor.self).values == [4])
  }

  @Test func `the first-order form has the velocity as its momentum`() {
    let system = spring.firstOrder
    let slope = system(10, PhasePoint(q: Tensor([2]), p: Tensor([7])))
    #expect(slope.q.values == [7] && slope.p.values == [2])
    #expect(system.leaves.map(\.values) == [[4]])
  }

  @Test func `slopes are known of first order alone`() {
    #expect(spring.slope(at: 0, of: Tensor([1])) == nil)
    #expect(ODE { _, y in 2 * y }.slope(at: 0, of: Tensor([1]))?.values == [2])
  }

  @Test func `both forms have the same gradient by their parameters`() throws {
    let start = Tensor([0.3])
    let second = Flow(spring, over: 0...2, steps: 40, using: Leapfrog(start: .consistent))
    let first = Flow(spring.firstOrder, over: 0...2, steps: 40, using: Verlet())
    let a = try valueAndGradient(at: second) { sum(try $0(start)) }
    let b = try valueAndGradient(at: first) { flow in
      sum(try flow(PhasePoint(q: start, p: .zeros([1]))).q)
    }
    expectClose(a.value, b.value, relative: 1e-13)
    expectClose(a.gradient.leaves[0], b.gradient.leaves[0], relative: 1e-12)
  }
}
