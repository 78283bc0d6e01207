/// How far coefficients miss the conditions of an order, in units of the rounding error of a double.
///
/// A condition is a sum of products of coefficients. What it misses is measured against the sum of
/// the magnitudes of these products, so that methods with large coefficients of both signs are held
/// to what doubles can represent.
package struct OrderConditions {
  /// The coefficients of the stages, by rows.
  let a: [[Double]]

  package init(_ a: [[Double]]) { self.a = a }

  /// The largest that weights miss any condition of up to an order by.
  ///
  ///     Σ bᵢ Φᵢ(τ) = 1 / γ(τ)
  package func misses(_ weights: [Double], order: Int) -> Double {
    largest(order) { tree in relative(tree, weights, tree.exact) }
  }

  /// The largest that differences of weights of two methods of at least an order miss 0 by.
  package func misses(differences: [Double], order: Int) -> Double {
    largest(order) { tree in relative(tree, differences, 0) }
  }

  /// The largest that polynomials miss any condition of up to an order by, power by power.
  ///
  ///     Σ bᵢ(θ) Φᵢ(τ) = θⁿ / γ(τ),   n the number of vertices of τ
  package func misses(polynomials: [[Double]], order: Int) -> Double {
    let degree = polynomials.map(\.count).max() ?? 0
    return (1...Swift.max(degree, 1)).map { power in
      let weights = polynomials.map { power <= $0.count ? $0[power - 1] : 0 }
      return largest(order) { tree in
        relative(tree, weights, tree.order == power ? tree.exact : 0)
      }
    }.reduce(0, maximumOrNaN)
  }

  /// The largest that weights miss the conditions of exactly one order by, as a number.
  package func error(_ weights: [Double], order: Int, of differences: Bool = false) -> Double {
    RootedTree.all(upTo: order).filter { $0.order == order }.map { tree in
      tree.weightedStages(weights, a, minus: differences ? 0 : tree.exact).sum.magnitude
    }.reduce(0, maximumOrNaN)
  }

  private func relative(_ tree: RootedTree, _ weights: [Double], _ value: Double) -> Double {
    let (sum, magnitude) = tree.weightedStages(weights, a, minus: value)
    return magnitude == 0 ? 0 : sum.magnitude / magnitude / Double.ulpOfOne
  }

  private func largest(_ order: Int, _ miss: (RootedTree) -> Double) -> Double {
    RootedTree.all(upTo: order).map(miss).reduce(0, maximumOrNaN)
  }

  /// The largest that nodes miss the sums of rows by.
  static func nodeMiss(_ a: [[Double]], nodes: [Double]) -> Double {
    zip(a, nodes).map { row, node in
      let scale = row.map(\.magnitude).reduce(node.magnitude, +)
      let miss = row.reduce(-node, +).magnitude
      return scale == 0 ? miss : miss / scale / Double.ulpOfOne
    }.reduce(0, maximumOrNaN)
  }
}
