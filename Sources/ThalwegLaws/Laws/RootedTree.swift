package import ThalwegIntegrators

/// A rooted tree, which stands for a condition that a Runge-Kutta method of some order satisfies.
///
///     Σ bᵢ Φᵢ(τ) = 1 / γ(τ)   for every tree τ of up to that many vertices
///
/// - Source: J. Butcher, "Coefficients for the study of Runge-Kutta integration processes", J.
///   Austral. Math. Soc. 3 (1963), 185-201, doi:10.1017/S1446788700027932.
package struct RootedTree {
  let branches: [RootedTree]
  /// The number of vertices.
  package let order: Int
  /// γ: the order times the densities of the branches.
  let density: Int

  init(_ branches: [RootedTree]) {
    self.branches = branches
    order = branches.reduce(1) { $0 + $1.order }
    density = branches.reduce(order) { $0 * $1.density }
  }

  /// All trees of up to a number of vertices: 1, 1, 2, 4, 9, 20 of them with 1 to 6.
  package static func all(upTo order: Int) -> [RootedTree] {
    var trees: [RootedTree] = []
    for size in 1...order {
      trees += forests(of: trees[...], vertices: size - 1).map(RootedTree.init)
    }
    return trees
  }

  /// The selections of trees, with repetition and regardless of order, with that many vertices.
  private static func forests(of trees: ArraySlice<RootedTree>, vertices: Int) -> [[RootedTree]] {
    if vertices == 0 { return [[]] }
    return trees.indices.filter { trees[$0].order <= vertices }.flatMap { first in
      forests(of: trees[first...], vertices: vertices - trees[first].order).map {
        [trees[first]] + $0
      }
    }
  }

  /// What the sum of weighted stages is for the exact solution.
  var exact: Double { 1 / Double(density) }

  /// By how much a tableau misses the condition.
  package func residual(of tableau: ButcherTableau) -> Double {
    weightedStages(tableau.b, tableau.a, minus: exact).sum.magnitude
  }

  /// By how much weights miss a value, Σ bᵢ Φᵢ - value, with the sum of the magnitudes of all
  /// terms: the rounding errors of coefficients are proportional to it.
  func weightedStages(
    _ weights: [Double], _ a: [[Double]], minus value: Double
  ) -> (sum: Double, magnitude: Double) {
    let terms = zip(weights, stageWeights(a)).map(*)
    let magnitudes = zip(
      weights.map(\.magnitude), stageWeights(a.map { $0.map(\.magnitude) })
    ).map(*)
    return (terms.reduce(-value, +), magnitudes.reduce(value.magnitude, +))
  }

  /// Φ for each stage.
  private func stageWeights(_ a: [[Double]]) -> [Double] {
    let inner = branches.map { $0.stageWeights(a) }
    return a.map { row in
      inner.map { weights in zip(row, weights).map(*).reduce(0, +) }.reduce(1, *)
    }
  }
}
