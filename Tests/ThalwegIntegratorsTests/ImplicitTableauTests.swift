import Testing
import Thalweg
import ThalwegLaws

/// The tableaus of implicit methods.
@Suite struct ImplicitTableauTests {
  private func fails(_ laws: [Law]) -> Bool { laws.contains { !$0.check().passes } }

  /// The tableau with one number changed by a part of it.
  private func changed(
    _ tableau: DiagonallyImplicitTableau, row: Int, column: Int, by size: Double
  ) -> DiagonallyImplicitTableau {
    var (a, c, weights) = (tableau.a, tableau.c, tableau.error.weights)
    switch row {
    case -1: c[column] *= 1 + size
    case -2: weights[column] *= 1 + size
    default: a[row][column] *= 1 + size
    }
    return DiagonallyImplicitTableau(
      name: tableau.name, order: tableau.order, a: a, c: c,
      error: ErrorEstimate(weights: weights, order: tableau.error.order))
  }

  @Test(arguments: DiagonallyImplicitTableau.all)
  func `a misprint in any number breaks a condition of order`(
    tableau: DiagonallyImplicitTableau
  ) {
    let rows: [(Int, [Double])] =
      [(-1, tableau.c), (-2, tableau.error.weights)]
      // The diagonal is one number, and what depends on it is all that there is.
      + tableau.a.enumerated().map { ($0, Array($1.dropLast())) }
    for (row, numbers) in rows {
      for column in numbers.indices where numbers[column] != 0 {
        let wrong = changed(tableau, row: row, column: column, by: 1e-11)
        #expect(fails(wrong.orderConditionLaws), "row \(row), \(column)")
      }
    }
    let diagonal = tableau.diagonal * (1 + 1e-11)
    let wrong = DiagonallyImplicitTableau(
      name: tableau.name, order: tableau.order,
      a: [[0]] + tableau.a.dropFirst().map { $0.dropLast() + [diagonal] }, c: tableau.c,
      error: tableau.error)
    #expect(fails(wrong.orderConditionLaws), "diagonal")
  }

  @Test(arguments: AdditiveTableau.all)
  func `a misprint in the explicit part breaks a condition of order`(tableau: AdditiveTableau) {
    for (row, numbers) in tableau.explicit.enumerated() {
      for column in numbers.indices where numbers[column] != 0 {
        var explicit = tableau.explicit
        explicit[row][column] *= 1 + 1e-11
        let wrong = AdditiveTableau(
          name: tableau.name, implicit: tableau.implicit, explicit: explicit)
        #expect(fails(wrong.orderConditionLaws), "row \(row), \(column)")
      }
    }
  }

  @Test(arguments: DiagonallyImplicitTableau.all)
  func `a tableau is of no higher order than it says`(tableau: DiagonallyImplicitTableau) {
    let conditions = OrderConditions(tableau.a)
    #expect(conditions.error(tableau.b, order: tableau.order + 1) > 1e-3)
    let estimate = tableau.error
    let error = conditions.error(estimate.weights, order: estimate.order + 1, of: true)
    #expect(error > 1e-4)
  }

  @Test func `methods of collocation are those of the textbook`() {
    let root = 6.0.squareRoot()
    let radau: [[Double]] = [
      [(88 - 7 * root) / 360, (296 - 169 * root) / 1800, (-2 + 3 * root) / 225],
      [(296 + 169 * root) / 1800, (88 + 7 * root) / 360, (-2 - 3 * root) / 225],
      [(16 - root) / 36, (16 + root) / 36, 1 / 9],
    ]
    let third = 3.0.squareRoot() / 6
    let gauss: [[Double]] = [[1 / 4, 1 / 4 - third], [1 / 4 + third, 1 / 4]]
    for (found, expected) in [
      (CollocationTableau.radauIIA5.a, radau), (CollocationTableau.gauss4.a, gauss),
    ] {
      for (x, y) in zip(found.joined(), expected.joined()) {
        #expect(abs(x - y) < 1e-15)
      }
    }
    #expect(CollocationTableau.gauss4.b.allSatisfy { abs($0 - 0.5) < 1e-15 })
  }

  @Test func `the estimate of Radau IIA is of order 3 and no more`() {
    let conditions = OrderConditions(CollocationTableau.radauWithStart)
    let weights = CollocationTableau.radauError
    #expect(conditions.misses(differences: weights, order: 3) < 4)
    #expect(conditions.error(weights, order: 4, of: true) > 1e-3)
    // Its diagonal is the real eigenvalue, which the shared matrix of the filter has to be.
    #expect(abs(weights[0] - 0.274_888_829_595_676_9) < 1e-12)
  }

  @Test func `values of Radau IIA between steps are those of collocation`() {
    let dense = CollocationTableau.radauIIA5.denseSlopes
    let conditions = OrderConditions(CollocationTableau.radauIIA5.a)
    #expect(conditions.misses(polynomials: dense, order: 3) < 8)
  }

  @Test func `rows that are no diagonally implicit method trap`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DiagonallyImplicitTableau(
        name: "odd", order: 1, a: [[0], [0.5, 0.5], [0.2, 0.2, 0.6]], c: [0, 1, 1],
        error: ErrorEstimate(weights: [0, 0, 0], order: 1))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("tableau odd: the entries of the diagonal are not positive and equal"))
  }
}
