import Foundation
import Testing
import Thalweg
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTestSupport

/// Preconditioners for diffusion on grids, judged by the products that are left.
@Suite struct DiffusionPreconditionerTests {
  private typealias Method = BackwardEuler<ODE<Tensor>>
  private static let boundaries: [ShiftBoundary] = [.zero, .periodic, .replicated]
  private static let solver = NewtonKrylov(tolerance: 1e-9, linear: .gmres(restart: 30))

  private static func diffusion(_ rate: Tensor, _ axes: [Int], _ boundary: ShiftBoundary) -> ODE<
    Tensor
  > {
    ODE { _, y in
      axes.map { axis in
        rate
          * (y.shifted(by: 1, along: axis, boundary: boundary) - 2 * y
            + y.shifted(by: -1, along: axis, boundary: boundary))
      }.reduce(Tensor(0), +)
    }
  }

  /// The end after some steps of size 1, and the products they took.
  private func end(
    _ field: ODE<Tensor>, _ start: Tensor, steps: Int = 2,
    _ preconditioner: StagePreconditioner<Tensor>?, _ solver: NewtonKrylov = solver
  ) throws -> (state: Tensor, products: Int) {
    let flow = Flow(
      field, over: 0...Double(steps), steps: steps,
      using: Method(solver: solver, preconditioner: preconditioner))
    return (try flow(start), flow.statistics.krylovIterations)
  }

  @Test(arguments: boundaries)
  func `sines and cosines solve for diffusion`(boundary: ShiftBoundary) throws {
    // Odd and even lengths, and axes that do not take part.
    for (shape, axes) in [
      ([17], [0]), ([16], [-1]), ([3, 12], [1]), ([9, 14], [0, 1]), ([2, 6, 5], [-2, -1]),
      ([4, 3, 5, 2], [0, 1, 2, 3]), ([5, 2], [0]),
    ] as [(Shape, [Int])] {
      let start = Tensor.random(shape, seed: 71)
      let field = Self.diffusion(30, axes, boundary)
      let (exact, products) = try end(
        field, start, .diffusion(rate: 30, along: axes, boundary: boundary))
      // One for the solution, and one that finds no more to do, at most.
      #expect(products <= 2 * 2, "\(shape) along \(axes): \(products)")
      let plain = try end(field, start, nil, NewtonKrylov(tolerance: 1e-13)).state
      expectClose(exact, plain, relative: 1e-7)
    }
  }

  @Test func `rates may differ between components`() throws {
    let rate = Tensor([5, 80], shape: [2, 1, 1])
    let field = Self.diffusion(rate, [1, 2], .replicated)
    let start = Tensor.random([2, 12, 10], seed: 72)
    let (_, products) = try end(
      field, start, .diffusion(rate: rate, along: [1, 2], boundary: .replicated))
    #expect(products <= 4)
    let single = try end(
      Self.diffusion(rate.to(.float32), [1, 2], .replicated), start.to(.float32),
      .diffusion(rate: rate, along: [1, 2], boundary: .replicated),
      NewtonKrylov(tolerance: 1e-5, linear: .gmres(restart: 30)))
    #expect(single.state.dtype == .float32 && single.products <= 6)
  }

  @Test(arguments: boundaries)
  func `a cycle is a symmetric matrix`(boundary: ShiftBoundary) {
    for (shape, axes) in [([32], [0]), ([24, 20], [0, 1]), ([3, 36], [1])] as [(Shape, [Int])] {
      let (u, v) = (Tensor.random(shape, seed: 74), Tensor.random(shape, seed: 75))
      let grid = DiffusionGrid(u, along: axes, boundary: boundary)
      let left = sum(u * grid.cycle(v, strength: 20)).scalar
      let right = sum(v * grid.cycle(u, strength: 20)).scalar
      expectClose(left, right, relative: 1e-13, "\(shape) along \(axes)")
    }
  }

  @Test(arguments: boundaries)
  func `the work of multigrid does not grow with the grid`(boundary: ShiftBoundary) throws {
    let products = try [32, 64, 128].map { side in
      let rate = Tensor(Double(side * side) / 4)
      let start = Tensor.random([side, side], seed: 73)
      let method = StagePreconditioner.multigrid(rate: rate, along: [0, 1], boundary: boundary)
      let (state, products) = try end(
        Self.diffusion(rate, [0, 1], boundary), start, steps: 1, method)
      let (exact, _) = try end(
        Self.diffusion(rate, [0, 1], boundary), start, steps: 1,
        .diffusion(rate: rate, along: [0, 1], boundary: boundary))
      expectClose(state, exact, relative: 1e-7)
      return products
    }
    #expect(products.max() ?? .max <= 24, "\(products)")
    #expect(products[2] <= products[0] + 6, "\(products)")
  }

  @Test func `a diagonal takes away what components have for themselves`() throws {
    let rates = tabulated([200]) { Foundation.pow(10, Double($0[0]) / 40) }
    let field = ODE { _, y in -rates * y + 0.1 * y.shifted(by: 1, along: 0) }
    let start = Tensor.random([200], seed: 74)
    let (plain, many) = try end(field, start, nil)
    let (state, few) = try end(field, start, .diagonal(rates))
    expectClose(state, plain, relative: 1e-7)
    #expect(few < many / 3, "\(few) of \(many)")
  }
}
