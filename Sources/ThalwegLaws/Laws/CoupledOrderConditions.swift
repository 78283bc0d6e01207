/// How far several methods with the same weights miss the conditions of an order for sums of parts that
/// each of them steps through, in units of the rounding error of a double.
///
///     Σ bᵢ Φᵢ(τ) = 1 / γ(τ)   for every tree τ and every choice of a method for each of its edges
package struct CoupledOrderConditions {
  private let methods: [[[Double]]]

  package init(_ methods: [[[Double]]]) { self.methods = methods }

  /// The largest that weights, or differences of weights, miss any condition of up to an order by.
  package func misses(_ weights: [Double], order: Int, of differences: Bool = false) -> Double {
    RootedTree.all(upTo: order).flatMap { tree in
      let value = differences ? 0 : tree.exact
      let magnitudes = CoupledOrderConditions(methods.map { $0.map { $0.map(\.magnitude) } })
      return zip(stageWeights(tree), magnitudes.stageWeights(tree)).map { stages, bounds in
        let miss = zip(weights, stages).map(*).reduce(-value, +).magnitude
        let scale = zip(weights, bounds).map { $0.magnitude * $1 }.reduce(value, +)
        return scale == 0 ? 0 : miss / scale / Double.ulpOfOne
      }
    }.reduce(0, maximumOrNaN)
  }

  /// Φ for each stage and each choice.
  private func stageWeights(_ tree: RootedTree) -> [[Double]] {
    let ones = [Double](repeating: 1, count: methods[0].count)
    return tree.branches.reduce([ones]) { products, branch in
      let factors = stageWeights(branch).flatMap { inner in
        methods.map { a in a.map { row in zip(row, inner).map(*).reduce(0, +) } }
      }
      return products.flatMap { product in factors.map { zip(product, $0).map(*) } }
    }
  }
}
