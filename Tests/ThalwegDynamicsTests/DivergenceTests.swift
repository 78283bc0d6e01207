import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// Continuous normalizing flows: the logarithm of the volume evolves by the divergence of the field,
/// which is a Jacobian-vector product inside the dynamics.
@Suite struct DivergenceTests {
  private struct Density: VectorSpace {
    var point: Tensor
    var logVolume: Tensor
    static let branches = Branches(\Density.point, \.logVolume)
  }

  private typealias Field = @Sendable (Tensor, Tensor, Tensor) -> Tensor

  /// The point by y' = f(t, y), and (log |∂y/∂y₀|)' = Σᵢ ∂fᵢ/∂yᵢ.
  private func augmented(_ weights: Tensor, _ field: @escaping Field) -> ODE<Density> {
    let basis = (0..<3).map { i in Tensor((0..<3).map { $0 == i ? 1.0 : 0 }) }
    return ODE(of: Density.self, weights) { t, y, w in
      let diagonal = basis.map { unit in
        sum(unit * jvp(at: y.point, along: unit) { field(t, $0, w) }.derivative)
      }
      let divergence = diagonal[0] + diagonal[1] + diagonal[2]
      return Density(point: field(t, y.point, w), logVolume: divergence)
    }
  }

  private let weights = Tensor.random([3, 3], seed: 4)
  private let start = Density(
    point: Tensor([0.5, -1, 2]), logVolume: Tensor([0], shape: []))

  /// The divergence of y' = Ay is tr A, and that of its gradient by A the identity.
  @Test func `a linear field changes volumes by its trace`() throws {
    let linear = augmented(weights) { _, y, a in matmul(a, y) }
    for tableau in ButcherTableau.all {
      let flow = Flow(linear, over: 0...0.7, steps: 5, using: RungeKutta(tableau))
      let (value, gradient) = try valueAndGradient(at: flow) { try $0(start).logVolume }
      let trace = (0..<3).reduce(0.0) { $0 + weights[$1, $1].scalar }
      expectClose(value.scalar, 0.7 * trace, relative: 1e-14)
      expectClose(
        gradient.leaves[0].values, [0.7, 0, 0, 0, 0.7, 0, 0, 0, 0.7], relative: 1e-14)
    }
  }

  /// The determinant of the Jacobian of the whole flow, column by column.
  @Test func `a nonlinear field changes volumes by the determinant of its flow`() throws {
    let field: Field = { t, y, w in tanh(matmul(w, y)) + 0.3 * sin(t) * y }
    let flow = Flow(
      augmented(weights, field), over: 0...1, steps: 100, using: RungeKutta(.classic))
    let columns = try (0..<3).map { column in
      var direction = start.mapLeaves { 0 * $0 }
      direction.point = Tensor((0..<3).map { $0 == column ? 1.0 : 0 })
      return try jvp(at: start, along: direction) { try flow($0) }.derivative.point.values
    }
    let (a, b, c) = (columns[0], columns[1], columns[2])
    let first = a[0] * (b[1] * c[2] - b[2] * c[1])
    let second = a[1] * (b[2] * c[0] - b[0] * c[2])
    let third = a[2] * (b[0] * c[1] - b[1] * c[0])
    expectClose(
      try flow(start).logVolume.scalar, Foundation.log(first + second + third), relative: 1e-8)
  }

  @Test func `densities are trained through every adjoint`() throws {
    let dynamics = augmented(weights) { t, y, w in tanh(matmul(w, y)) * cos(t) }
    func gradient(_ adjoint: some Adjoint<AsynchronousLeapfrog<ODE<Density>>>) throws -> Tensor {
      let flow = Flow(
        dynamics, over: 0...1, steps: 8, using: AsynchronousLeapfrog(), adjoint: adjoint)
      return try valueAndGradient(at: flow) { flow in
        let end = try flow(start)
        return 0.5 * sum(square(end.point)) - end.logVolume
      }.gradient.leaves[0]
    }
    let direct = try gradient(DirectAdjoint())
    #expect(try gradient(CheckpointedAdjoint(budget: 2)).values == direct.values)
    expectClose(try gradient(ReversibleAdjoint()), direct, relative: 1e-12)
    let flow = Flow(dynamics, over: 0...1, steps: 8, using: AsynchronousLeapfrog())
    try expectDerivatives(
      of: { flow in concatenate([try flow(start).point, try flow(start).logVolume.expanded(at: 0)])
      },
      at: flow, directions: 1, relative: 1e-7)
  }
}
