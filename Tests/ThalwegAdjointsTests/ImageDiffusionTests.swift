import Foundation
import Testing
import Thalweg
import ThalwegKernels
import ThalwegTestSupport

/// Implicit steps of diffusion on a grid of 256 × 256, with gradients, in little memory.
@Suite struct ImageDiffusionTests {
  private static let side = 256
  private static let scale = Double((side + 1) * (side + 1))

  private static func spread(_ y: Tensor) -> Tensor {
    [-2, -1].map { axis in
      y.shifted(by: 1, along: axis, boundary: .zero) - 2 * y
        + y.shifted(by: -1, along: axis, boundary: .zero)
    }.reduce(Tensor(0), +)
  }

  /// What a gradient with values takes: bytes of all memory beside inputs, and its numbers.
  private func measured<Method: Integrator<ODE<Tensor>>>(
    _ flow: Flow<Method>, _ start: Tensor, _ loss: @escaping @Sendable (Tensor) -> Tensor
  ) throws -> (results: [Tensor], bytes: Int) {
    let gradient = compile { (flow: Flow<Method>, start: Tensor) in
      let (value, gradient) = try valueAndGradient(at: flow) { loss(try $0(start)) }
      return [value] + gradient.leaves
    }
    let plan = try gradient.plan(for: flow, start)
    var counts = RunCounts()
    let results = try plan.run(flow.leaves + [start], counting: &counts)
    return (results, plan.peakBytes + counts.tapeBytes)
  }

  /// sin(iπx) sin(jπy) at the points between the sides.
  private static func mode(_ i: Int, _ j: Int) -> Tensor {
    tabulated([side, side]) { index in
      let angle = Double.pi / Double(side + 1)
      return sin(angle * Double(i * (index[0] + 1))) * sin(angle * Double(j * (index[1] + 1)))
    }
  }

  private static func rate(_ i: Int, _ j: Int) -> Double {
    [i, j].reduce(0) { sum, k in
      sum + 4 * scale * pow(sin(Double(k) * .pi / Double(2 * (side + 1))), 2)
    }
  }

  @Test func `heat spreads as its modes do, and so does the gradient`() throws {
    let heat = ODE(Tensor(0.02)) { _, y, a in Self.scale * a * Self.spread(y) }
    let method = BackwardEuler<ODE<Tensor>>(
      solver: NewtonKrylov(tolerance: 1e-10),
      preconditioner: .multigrid(rate: Tensor(0.02 * Self.scale), along: [0, 1], boundary: .zero))
    let flow = Flow(heat, over: 0...1, steps: 5, using: method)
    let (first, second) = (Self.mode(1, 2), Self.mode(5, 3))
    let start = first + 0.5 * second
    let (results, bytes) = try measured(flow, start) { sum((2 * first + 3 * second) * $0) }
    // Each mode has the square norm ((n + 1)/2)², and shrinks by 1/(1 + h a rate) in each step.
    let norm = Double((Self.side + 1) * (Self.side + 1)) / 4
    var (loss, slope) = (0.0, 0.0)
    for (i, j, amount) in [(1, 2, 2.0), (5, 3, 1.5)] {
      let step = 0.2 * Self.rate(i, j)
      let factor = pow(1 + 0.02 * step, -5)
      loss += amount * norm * factor
      slope -= amount * norm * factor * 5 * step / (1 + 0.02 * step)
    }
    expectClose(results[0].scalar, loss, relative: 1e-7)
    expectClose(results[1].scalar, slope, relative: 1e-6)
    #expect(bytes < 200_000_000, "\(bytes) bytes")
  }

  /// Two chemicals that react: what spreads is stiff, and so are some of the reactions.
  @Test func `a reaction with diffusion has its gradient in less than a gigabyte`() throws {
    let diffusion = Tensor([0.02, 0.01], shape: [2, 1, 1])
    func field(_ diffusion: Tensor) -> ODE<Tensor> {
      ODE(diffusion) { _, y, a in
        let (u, v) = (y[0], y[1])
        let growth = square(u) * v
        return stack([1 + growth - 4 * u, 3 * u - growth]) + Self.scale * a * Self.spread(y)
      }
    }
    func flow(
      _ diffusion: Tensor
    ) -> Flow<DiagonallyImplicitRungeKutta<ODE<Tensor>>> {
      Flow(
        field(diffusion), over: 0...0.2, steps: 4,
        using: DiagonallyImplicitRungeKutta(
          .kvaerno3, solver: NewtonKrylov(tolerance: 1e-9),
          preconditioner: .multigrid(
            rate: Self.scale * diffusion, along: [1, 2], boundary: .zero)))
    }
    let start = stack([1 + 0.5 * Self.mode(1, 2), 3 * Self.mode(1, 1)])
    let loss = { @Sendable (end: Tensor) in sum(square(end)) / Double(2 * Self.side * Self.side) }
    let (results, bytes) = try measured(flow(diffusion), start, loss)
    #expect(bytes < 1 << 29, "\(bytes) bytes")
    let direction = Tensor([0.01, 0.02], shape: [2, 1, 1])
    let sides = try [-0.01, 0.01].map { part in
      loss(try flow(diffusion + part * direction)(start)).scalar
    }
    let slope = sum(results[1] * direction).scalar
    expectClose(slope, (sides[1] - sides[0]) / 0.02, relative: 1e-4)
  }
}
