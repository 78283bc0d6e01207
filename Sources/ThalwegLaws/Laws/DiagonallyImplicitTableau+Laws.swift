import ThalwegIntegrators

/// What rounding each coefficient may add up to: terms are compared with what they would be if all
/// roundings had one sign.
private let roundings = 1.0

/// The same of differences of weights, each of which is rounded like the weights.
private let roundingsOfDifferences = 8.0

extension DiagonallyImplicitTableau {
  /// The conditions of order of the step, of its estimate of the error, and of the values between.
  package var orderConditionLaws: [Law] {
    let conditions = OrderConditions(a)
    return [
      Law("order conditions", of: name) {
        Law.Figure(
          value: Swift.max(
            conditions.misses(b, order: order), OrderConditions.nodeMiss(a, nodes: c)),
          bound: roundings, note: "\(RootedTree.all(upTo: order).count) trees, in roundings")
      },
      Law("order conditions, error", of: name) {
        Law.Figure(
          value: conditions.misses(differences: error.weights, order: error.order),
          bound: roundingsOfDifferences, note: "in roundings")
      },
      Law("order conditions, between steps", of: name) {
        Law.Figure(
          value: conditions.misses(polynomials: dense, order: denseOrder), bound: roundings,
          note: "in roundings")
      },
    ]
  }
}

extension AdditiveTableau {
  /// The conditions of order of both methods together: trees whose vertices are of either kind.
  package var orderConditionLaws: [Law] {
    let conditions = CoupledOrderConditions([implicit.a, explicit])
    return [
      Law("order conditions, coupled", of: name) {
        let miss = conditions.misses(implicit.b, order: order)
        return Law.Figure(
          value: maximumOrNaN(miss, OrderConditions.nodeMiss(explicit, nodes: implicit.c)),
          bound: roundings, note: "in roundings")
      },
      Law("order conditions, coupled, error", of: name) {
        let error = implicit.error
        return Law.Figure(
          value: conditions.misses(error.weights, order: error.order, of: true),
          bound: roundingsOfDifferences, note: "in roundings")
      },
    ]
  }
}

extension CollocationTableau {
  /// The conditions of order of all methods, and of the estimate of the error of Radau IIA.
  static var orderConditionLaws: [Law] {
    let methods = [("radau5", radauIIA5), ("gauss4", gauss4)].map { name, tableau in
      Law("order conditions", of: name) {
        let conditions = OrderConditions(tableau.a)
        return Law.Figure(
          value: maximumOrNaN(
            conditions.misses(tableau.b, order: tableau.order),
            OrderConditions.nodeMiss(tableau.a, nodes: tableau.c)),
          bound: 4 * roundings, note: "in roundings")
      }
    }
    return methods + [
      Law("order conditions, error", of: "radau5") {
        Law.Figure(
          value: OrderConditions(radauWithStart).misses(differences: radauError, order: 3),
          bound: 4 * roundings, note: "in roundings")
      }
    ]
  }

  /// The stages of Radau IIA after one at the beginning of the step.
  package static var radauWithStart: [[Double]] { [[]] + radauIIA5.a.map { [0] + $0 } }

  /// The weights of all slopes in the estimate of the error of Radau IIA.
  package static var radauError: [Double] {
    let estimate = RadauEstimate()
    let slopes = radauIIA5.b.indices.map { j in
      zip(estimate.weights, radauIIA5.a).map { $0 * $1[j] }.reduce(0, +)
    }
    return [estimate.γ] + slopes
  }
}
