import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// The gradient of a heat equation, in closed form by sines.
///
/// Steps of a Runge-Kutta method multiply each mode by R(hλ), and so do those of its adjoint.
@Suite struct HeatGradientTests {
  /// The derivative of the loss by the initial state.
  private func gradient(
    _ tableau: ButcherTableau, steps: Int, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>
  ) throws -> [Double] {
    let flow = Flow(
      HeatEquation.field, over: 0...HeatEquation.end, steps: steps, using: RungeKutta(tableau),
      adjoint: adjoint)
    return try valueAndGradient(at: HeatEquation.start) { HeatEquation.loss(try flow($0)) }
      .gradient.values
  }

  // The fastest mode has λ = -4345: 110 steps of forward Euler and 79 of order 4 are stable.
  @Test(arguments: [(ButcherTableau.euler, 110), (.heun, 120), (.kutta3, 100), (.classic, 79)])
  func `discrete gradients are powers of R(z)`(tableau: ButcherTableau, steps: Int) throws {
    let expected = HeatEquation.gradient { eigenvalue in
      let z = eigenvalue * HeatEquation.end / Double(steps)
      let terms = [1, z, z * z / 2, z * z * z / 6, z * z * z * z / 24]
      let factor = terms.prefix(tableau.order + 1).reduce(0, +)
      return (0..<steps).reduce(1) { power, _ in power * factor }
    }
    let adjoints: [any Adjoint<RungeKutta<ODE<Tensor>>>] = [
      DirectAdjoint(), CheckpointedAdjoint(budget: 0), CheckpointedAdjoint(budget: 5),
    ]
    for adjoint in adjoints {
      expectClose(try gradient(tableau, steps: steps, adjoint), expected, relative: 1e-12)
    }
  }

  @Test func `stable steps converge to the continuous gradient`() throws {
    let exact = HeatEquation.exactGradient
    let errors = try [100, 200, 400].map { steps in
      relativeError(try gradient(.classic, steps: steps, DirectAdjoint()), exact)
    }
    #expect(errors[2] < 1e-9)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 4) < 0.1, "\(errors)")
    }
  }

  /// The modes that a smooth start does not contain still amplify cotangents.
  @Test func `unstable steps give wrong gradients of a solution that is right`() throws {
    let exact = HeatEquation.exactGradient
    let unstable = try gradient(.classic, steps: 60, DirectAdjoint())
    #expect(relativeError(unstable, exact) > 1e6)
  }
}
