import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// The gradient of a heat equation, in closed form by sines.
///
///     y' = Ly,  L = (n + 1)² tridiag(1, -2, 1),  n = 32,  T = 0.05,  loss = Σ cos(1.3 i) yᵢ(T)
///
/// Steps of a Runge-Kutta method multiply each mode by R(hλ), and so do those of its adjoint.
@Suite struct HeatGradientTests {
  private static let size = 32
  private static let end = 0.05
  private static let weights = (1...size).map { Foundation.cos(1.3 * Double($0)) }

  private static func eigenvalue(_ mode: Int) -> Double {
    let sine = Foundation.sin(Double(mode) * .pi / Double(2 * (size + 1)))
    return -4 * Double((size + 1) * (size + 1)) * sine * sine
  }

  /// S f(λ) S applied to the weights, Sᵢⱼ = √(2 / (n + 1)) sin(ijπ / (n + 1)).
  private static func gradient(_ factor: (Double) -> Double) -> [Double] {
    func transformed(_ x: [Double]) -> [Double] {
      (1...size).map { i in
        x.enumerated().reduce(0) { sum, element in
          let angle = Double(i * (element.offset + 1)) * .pi / Double(size + 1)
          return sum + (2 / Double(size + 1)).squareRoot() * Foundation.sin(angle) * element.element
        }
      }
    }
    let modes = transformed(weights)
    return transformed(modes.enumerated().map { factor(eigenvalue($0.offset + 1)) * $0.element })
  }

  /// The derivative of the loss by the initial state.
  private func gradient(
    _ tableau: ButcherTableau, steps: Int, _ adjoint: some Adjoint<RungeKutta<ODE<Tensor>>>
  ) throws -> [Double] {
    let scale = Double((Self.size + 1) * (Self.size + 1))
    let heat = ODE { _, y in
      let held = y.padded(before: 1, after: 1, along: 0)
      let sides = held.slice(2..<Self.size + 2) + held.slice(0..<Self.size)
      return scale * (sides - 2 * y)
    }
    let flow = Flow(
      heat, over: 0...Self.end, steps: steps, using: RungeKutta(tableau), adjoint: adjoint)
    let x = (1...Self.size).map { Double($0) * .pi / Double(Self.size + 1) }
    let start = Tensor(x.map { Foundation.sin($0) + 0.1 * Foundation.sin(7 * $0) })
    return try valueAndGradient(at: start) { sum(Tensor(Self.weights) * (try flow($0))) }
      .gradient.values
  }

  // The fastest mode has λ = -4345: 110 steps of forward Euler and 79 of order 4 are stable.
  @Test(arguments: [(ButcherTableau.euler, 110), (.heun, 120), (.kutta3, 100), (.classic, 79)])
  func `discrete gradients are powers of R(z)`(tableau: ButcherTableau, steps: Int) throws {
    let expected = Self.gradient { eigenvalue in
      let z = eigenvalue * Self.end / Double(steps)
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
    let exact = Self.gradient { Foundation.exp($0 * Self.end) }
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
    let exact = Self.gradient { Foundation.exp($0 * Self.end) }
    let unstable = try gradient(.classic, steps: 60, DirectAdjoint())
    #expect(relativeError(unstable, exact) > 1e6)
  }
}
