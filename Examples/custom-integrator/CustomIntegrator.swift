import ExampleSupport
import Foundation
import Thalweg

/// Heun's method of third order, as textbooks have it.
///
/// That is all: it is traced and compiled, works for any state, and has exact gradients.
struct HeunThird<Field: Dynamics>: Integrator {
  let order = 3

  func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    let a = f(t, y)
    let b = f(t + h / 3, y.adding(h, [1 / 3], [a]))
    let c = f(t + 2 / 3 * h, y.adding(h, [2 / 3], [b]))
    return y.adding(h, [1 / 4, 3 / 4], [a, c])
  }
}

/// The order of a method of one's own, measured by values and by gradients.
@main
enum CustomIntegrator: Example {
  static func run(_ options: Options) throws {
    // y' = y cos t, whose solution is y(0) exp(sin t): time counts, as it should in a test of order.
    let field = ODE { t, y in cos(t) * y }
    let counts = [32, 64, 128, 256, 512]
    var (errors, slopes): ([Double], [Double]) = ([], [])
    for steps in counts {
      let flow = Flow(field, over: 0...2, steps: steps, using: HeunThird())
      let (end, gradient) = try valueAndGradient(at: [1] as Tensor) { sum(try flow($0)) }
      let exact = Foundation.exp(Foundation.sin(2.0))
      errors.append(Swift.abs(end.scalar - exact))
      slopes.append(Swift.abs(gradient.scalar - exact))
    }
    print("order of the solution", order(errors).rounded(to: 4))
    print("order of the gradient", order(slopes).rounded(to: 4))

    // Two ways to the gradient, the same bits.
    let pendulum = ODE { t, y in [y[1], -sin(y[0])] }
    func gradient(_ adjoint: some Adjoint<HeunThird<ODE<Tensor>>>) throws -> [Double] {
      let flow = Flow(pendulum, over: 0...5, steps: 50, using: HeunThird(), adjoint: adjoint)
      return try valueAndGradient(at: [1, 0] as Tensor) { try flow($0)[0] }.gradient.values
    }
    print(
      "stored and checkpointed gradients are equal",
      try gradient(DirectAdjoint()) == gradient(CheckpointedAdjoint(budget: 4)))

    let steps = counts.map { 2 / Double($0) }
    var plot = Plot(
      "Order of a method of one's own", x: "step", y: "error",
      scales: (.logarithmic, .logarithmic))
    plot.add("error", x: steps, y: errors, as: .points)
    plot.add("third order", x: steps, y: steps.map { errors[0] * pow3($0 / steps[0]) })
    try plot.write(to: "\(options.folder)/custom-integrator")
  }

  static func pow3(_ x: Double) -> Double { x * x * x }

  /// By what power of the step the last error is smaller than the one before.
  static func order(_ errors: [Double]) -> Double {
    Foundation.log2(errors[errors.count - 2] / errors[errors.count - 1])
  }
}
