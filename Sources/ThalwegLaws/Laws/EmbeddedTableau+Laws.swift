import ThalwegIntegrators

/// What rounding each coefficient may add up to: terms are compared with what they would be if all
/// roundings had one sign.
private let roundings = 1.0

extension EmbeddedTableau {
  /// The conditions of order of the step, of its estimates of the error, and of the values between.
  package var orderConditionLaws: [Law] {
    let (step, conditions) = (OrderConditions(Array(a.prefix(stages))), OrderConditions(a))
    let trees = RootedTree.all(upTo: order).count
    return [
      Law("order conditions", of: name) {
        Law.Figure(
          value: maximumOrNaN(
            step.misses(b, order: order), OrderConditions.nodeMiss(a, nodes: c)), bound: roundings,
          note: "\(trees) trees, in roundings")
      },
      Law("order conditions, error", of: name) {
        let misses = errors.map { conditions.misses(differences: $0.weights, order: $0.order) }
        return Law.Figure(
          value: misses.reduce(0, maximumOrNaN), bound: roundings, note: "in roundings")
      },
      Law("order conditions, between steps", of: name) {
        let miss = conditions.misses(polynomials: dense, order: denseOrder)
        return Law.Figure(
          value: maximumOrNaN(miss, seamError), bound: roundings, note: "in roundings")
      },
    ]
  }

  /// By how much the values between steps miss the step and the slopes at both ends, in roundings.
  private var seamError: Double {
    dense.indices.map { slope in
      let powers = dense[slope].indices.map { Double($0 + 1) }
      let scale = zip(dense[slope], powers).map { $0.magnitude * $1 }.reduce(1, +)
      let rate = zip(dense[slope], powers).map(*).reduce(0, +)
      let errors = [
        dense[slope].reduce(0, +) - (slope < stages ? b[slope] : 0),
        rate - (slope == stages ? 1 : 0), (dense[slope].first ?? 0) - (slope == 0 ? 1 : 0),
      ]
      return errors.map(\.magnitude).reduce(0, maximumOrNaN) / scale / Double.ulpOfOne
    }.reduce(0, maximumOrNaN)
  }
}
