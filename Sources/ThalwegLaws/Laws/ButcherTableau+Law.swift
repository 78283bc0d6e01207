import ThalwegIntegrators

extension ButcherTableau {
  /// The conditions of order, one for each tree, and that nodes are sums of rows.
  package var orderConditionsLaw: Law {
    Law("order conditions", of: name) {
      let trees = RootedTree.all(upTo: order)
      let residual = trees.map { $0.residual(of: self) }.reduce(0, Swift.max)
      let nodes = zip(a, c).map { ($0.reduce(0, +) - $1).magnitude }.reduce(0, Swift.max)
      return Law.Figure(
        value: Swift.max(residual, nodes), bound: 1e-15, note: "\(trees.count) trees")
    }
  }
}
