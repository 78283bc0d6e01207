import Foundation
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators

extension CataloguedMethod where Field: TestField {
  /// The slope of the logarithm of the error over that of the step.
  ///
  /// That of methods whose leading error was made very small may only be too steep: before the term
  /// of their order shows there is nothing left but rounding.
  var orderLaws: [Law] {
    [("autonomous", Field.autonomous), ("non-autonomous", Field.nonAutonomous)].map {
      name, problem in
      Law("order, \(name)", of: self.name) {
        let slope = try observedOrder(
          of: integrator, on: problem, rounding: rounding.inWeights, octaves: isImplicit ? 12 : 17)
        let shortfall = Double(integrator.order) - slope
        return Law.Figure(
          value: isOptimized ? maximumOrNaN(0, shortfall) : shortfall.magnitude, bound: 0.1,
          note: "order \(slope.formatted(decimals: 3)) of \(integrator.order)")
      }
    }
  }
}

/// The order at which errors fall as steps are halved.
///
/// Steps are halved until rounding is near, and the last three errors above it are fitted: they
/// are the closest to the limit that is asked for. Errors of high order pass from large to rounding
/// so fast that their steps are refined by √2.
func observedOrder<Method: Integrator>(
  of method: Method, on problem: OrderProblem<Method.Field>, rounding growth: Double = 1,
  octaves: Int = 17
) throws -> Double {
  var points: [(step: Double, error: Double)] = []
  let counts =
    method.order < 5
    ? (4...octaves).map { 1 << $0 }
    : (6...2 * octaves).map { Int(Foundation.exp2(Double($0) / 2).rounded()) }
  for steps in counts {
    let flow = Flow(problem.field, over: 0...problem.end, steps: steps, using: method)
    // Long steps may leave the stability region.
    guard let end = try? flow(problem.start) else { continue }
    let error = problem.error(of: end)
    // The recurrences of two-step methods sum rounding errors up to this order of magnitude.
    let rounding = growth * Double.ulpOfOne * Foundation.pow(Double(flow.steps), 1.5)
    if error < 20 * rounding { break }
    points.append((flow.stepSize, error))
  }
  let fitted = points.suffix(3).map { (Foundation.log($0.step), Foundation.log($0.error)) }
  let (x, y) = (mean(fitted.map(\.0)), mean(fitted.map(\.1)))
  let products = fitted.map { ($0.0 - x) * ($0.1 - y) }
  let squares = fitted.map { ($0.0 - x) * ($0.0 - x) }
  return fitted.count < 3 ? .nan : products.reduce(0, +) / squares.reduce(0, +)
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
