import Foundation
import ThalwegDynamics
import ThalwegIntegrators

extension CataloguedMethod where Field: TestField {
  /// Steps forth and back, one and many, on problems with and without time.
  var reversalLaws: [Law] {
    guard let reversible else { return [] }
    // Where the dynamics are still, a step back multiplies the auxiliary state by this.
    let growth = amplification(0).eigenvalueMagnitudes.map { 1 / $0 }.reduce(1, Swift.max)
    let many = growth > 1 ? Int(Foundation.log(1e4) / Foundation.log(growth)) : 1_000
    return [
      Law("undo one step", of: name) {
        Law.Figure(value: try undoingError(of: reversible, steps: 1), bound: 1e-15 * growth * 4)
      },
      Law("undo \(many) steps", of: name) {
        Law.Figure(
          value: try undoingError(of: reversible, steps: many),
          // Roots are found to some units of rounding.
          bound: (isImplicit ? 1e-11 : 1e-12) * Foundation.pow(growth, Double(many)),
          note: growth > 1 ? "grows by \(growth.formatted(decimals: 3)) a step" : "")
      },
    ]
  }
}

private func undoingError<Method: ReversibleIntegrator>(
  of method: Method, steps: Int
) throws -> Double where Method.Field: TestField {
  try [Method.Field.autonomous, Method.Field.nonAutonomous].map { problem in
    let end = problem.end * Double(steps) / 1_000
    return try RoundTrip(of: method, problem.field, from: problem.start, to: end, steps: steps)
      .error
  }.reduce(0, maximumOrNaN)
}
