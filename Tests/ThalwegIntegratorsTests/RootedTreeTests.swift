import Testing
import Thalweg
import ThalwegLaws

@Suite struct RootedTreeTests {
  /// The numbers of unlabelled rooted trees: sequence A000081 of the OEIS.
  @Test func `trees are counted`() {
    let orders = RootedTree.all(upTo: 8).map(\.order)
    let counts = (1...8).map { order in orders.count { $0 == order } }
    #expect(counts == [1, 1, 2, 4, 9, 20, 48, 115])
  }

  @Test(arguments: ButcherTableau.all) func `a tableau is of no higher order than it says`(
    tableau: ButcherTableau
  ) {
    let next = RootedTree.all(upTo: tableau.order + 1).filter { $0.order == tableau.order + 1 }
    #expect(next.contains { $0.residual(of: tableau) > 1e-3 })
  }

  /// The conditions of order 4 written out, for a method that meets none of them.
  @Test func `residuals are those of the conditions written out`() {
    let (a, b) = ([[], [0.3], [0.1, 0.4]], [0.2, 0.5, 0.3])
    let tableau = ButcherTableau(name: "arbitrary", order: 1, a: a, b: b)
    let c = [0, 0.3, 0.5]
    let ac = [0, 0, 0.4 * 0.3]
    let acc = [0, 0, 0.4 * 0.09]
    func sum(_ weights: [Double]) -> Double { zip(b, weights).map(*).reduce(0, +) }
    let conditions = [
      sum([1, 1, 1]) - 1, sum(c) - 1 / 2, sum(c.map { $0 * $0 }) - 1 / 3, sum(ac) - 1 / 6,
      sum(c.map { $0 * $0 * $0 }) - 1 / 4, sum(zip(c, ac).map(*)) - 1 / 8, sum(acc) - 1 / 12,
      0 - 1 / 24.0,
    ]
    let residuals = RootedTree.all(upTo: 4).map { $0.residual(of: tableau) }.sorted()
    for (residual, condition) in zip(residuals, conditions.map(\.magnitude).sorted()) {
      #expect(abs(residual - condition) < 1e-15)
    }
  }
}
