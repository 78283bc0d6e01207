import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Implicit methods along a chain, whose matrices are bands.
@Suite struct BandedRootTests {
  private static let banded = NewtonKrylov(tolerance: 1e-12, linear: .banded(reach: 1))
  private static let direct = NewtonKrylov(tolerance: 1e-12, linear: .direct)

  /// The derivatives of a loss by the coefficients of diffusion, and its value.
  private func gradient(_ method: some Integrator<ODE<Tensor>>) throws -> [Double] {
    let line = BrusselatorLine(cells: 15)
    let flow = Flow(line.dynamics, over: 0...2, steps: 9, using: method)
    let (loss, gradient) = try valueAndGradient(at: flow) { sum(square(try $0(line.start))) }
    return [loss.scalar] + gradient.leaves.flatMap(\.values)
  }

  @Test func `bands give what whole matrices give, and their gradients`() throws {
    func expectSame<Method: Integrator<ODE<Tensor>>>(_ method: (NewtonKrylov) -> Method) throws {
      let (found, expected) = (try gradient(method(Self.banded)), try gradient(method(Self.direct)))
      expectClose(found, expected, relative: 1e-9)
    }
    try expectSame { BackwardEuler(solver: $0) }
    try expectSame { SDIRK2(solver: $0) }
    try expectSame { DiagonallyImplicitRungeKutta(.kenCarp4, solver: $0) }
    // Stages that are solved together are components of one chain.
    try expectSame { Gauss4(solver: $0) }
    try expectSame { RadauIIA5(solver: $0) }
  }

  @Test func `samples are chains of their own`() throws {
    let diffusion = ODE { _, y in
      let right = y.shifted(by: 1, along: -1, boundary: .zero)
      return 40 * (right - 2 * y + y.shifted(by: -1, along: -1, boundary: .zero)) - y * y * y
    }
    var solver = Self.banded
    solver.samples = .independent
    let start = Tensor.random([3, 2, 12], seed: 61)
    let flow = Flow(diffusion, over: 0...0.2, steps: 4, using: BackwardEuler(solver: solver))
    let together = try flow(start)
    for index in 0..<3 {
      let alone = try flow(start.slice(index..<index + 1))
      expectClose(together[index], alone[0], relative: 0)
    }
  }

  @Test(arguments: [128, 1024])
  func `long chains are followed to their references`(cells: Int) throws {
    let line = BrusselatorLine(cells: cells)
    let reference = try #require(line.reference)
    let flow = Flow(
      line.dynamics, over: 0...line.end, tolerance: .relative(1e-7, absolute: 1e-7),
      using: DiagonallyImplicitRungeKutta(.kvaerno5, solver: Self.banded))
    let (loss, gradient) = try valueAndGradient(at: flow) {
      sum(square(try $0(line.start))) / Double(4 * cells)
    }
    expectClose(try flow(line.start).values, reference, relative: 1e-6)
    // By forward sensitivities of an implicit multistep code at a tolerance of 1e-13.
    let known = [
      128: [3.178717182994857, 35.468783879856154, -62.88299413201359]
    ][cells]
    if let known {
      expectClose(loss.scalar, known[0], relative: 1e-6)
      expectClose(gradient.leaves.flatMap(\.values), Array(known[1...]), relative: 3e-5)
    }
    // Six products give a matrix, and there is one matrix a stage.
    #expect(flow.statistics.jvps == 6 * (flow.statistics.jvps / 6))
    #expect(flow.statistics.krylovIterations == 0)
  }
}
