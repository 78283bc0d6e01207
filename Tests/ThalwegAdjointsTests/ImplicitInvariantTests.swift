import Foundation
import Testing
import Thalweg
import ThalwegLaws
import ThalwegTestSupport

/// Sums of components that the dynamics do not change.
@Suite struct ImplicitInvariantTests {
  /// Robertson's reactions: what one substance loses others gain, to the last bit of a term.
  private static let reactions = ODE { _, y in
    let loss = 0.04 * y[0] - 1e4 * y[1] * y[2]
    let gain = 3e7 * square(y[1])
    return [-loss, loss - gain, gain]
  }

  private static let implicit = CataloguedMethod<ODE<Tensor>>.firstOrder.filter(\.isImplicit)
    .map(\.name)

  @Test(arguments: implicit) func `mass is kept to rounding`(name: String) throws {
    let method = try #require(
      CataloguedMethod<ODE<Tensor>>.firstOrder.first { $0.name == name }?.integrator)
    try expectMass(method)
    if let embedded = method as? any EmbeddedIntegrator<ODE<Tensor>> {
      try expectControlledMass(embedded)
    }
  }

  /// From where the first, fast part of the solution is over: with long steps through that, equations
  /// of stages have roots that are no concentrations.
  private func expectMass<Method: Integrator<ODE<Tensor>>>(_ method: Method) throws {
    let start = Tensor([0.985_172_114, 3.386_395_38e-5, 0.014_794_022])
    let flow = Flow(Self.reactions, over: 0...40, steps: 400, using: method)
    let end = try flow(start).values
    let change = end.reduce(0, +) - start.values.reduce(0, +)
    #expect(abs(change) < 800 * Double.ulpOfOne, "\(end)")
    #expect(end[0] < 0.75 && end[2] > 0.25)
  }

  private func expectControlledMass<Method: EmbeddedIntegrator<ODE<Tensor>>>(
    _ method: Method
  ) throws {
    let flow = Flow(
      Self.reactions, over: 0...40, tolerance: .relative(1e-5, absolute: 1e-9), using: method)
    let end = try flow([1, 0, 0]).values
    let steps = Double(flow.statistics.accepted)
    #expect(abs(end.reduce(0, +) - 1) < 4 * steps * Double.ulpOfOne, "\(end)")
    expectClose(end, [0.715_827_068_719, 9.185_534_765e-6, 0.284_163_745_746], relative: 1e-4)
  }

  @Test(arguments: AdditiveTableau.all)
  func `mass is kept where one reaction is stepped through explicitly`(
    tableau: AdditiveTableau
  ) throws {
    let sum = Split(
      explicit: ODE { _, y in [-0.04 * y[0], 0.04 * y[0], 0 * y[0]] },
      implicit: ODE { _, y in
        let (back, gain) = (1e4 * y[1] * y[2], 3e7 * square(y[1]))
        return [back, -back - gain, gain]
      })
    let flow = Flow(
      sum, over: 0...40, tolerance: .relative(1e-5, absolute: 1e-9),
      using: AdditiveRungeKutta(tableau))
    let end = try flow([1, 0, 0]).values
    let steps = Double(flow.statistics.accepted)
    #expect(abs(end.reduce(0, +) - 1) < 4 * steps * Double.ulpOfOne, "\(end)")
    expectClose(end, [0.715_827_068_719, 9.185_534_765e-6, 0.284_163_745_746], relative: 1e-4)
  }

  // MARK: - Determinism

  /// A line of reactions with diffusion, long enough that several threads share the work.
  private static let line = BrusselatorLine(cells: 4096)

  private func expectSameBits(
    sourceLocation: SourceLocation = #_sourceLocation, _ run: () throws -> [[Double]]
  ) throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    let first = try run()
    for count in [1, 2, 3, 1] {
      Threads.count = count
      #expect(try run() == first, "\(count) threads", sourceLocation: sourceLocation)
    }
  }

  @Test func `implicit flows give the same bits with any number of threads`() throws {
    let solver = NewtonKrylov(tolerance: 1e-7, linear: .gmres(restart: 20))
    let methods: [any EmbeddedIntegrator<ODE<Tensor>>] = [
      DiagonallyImplicitRungeKutta(.kenCarp4, solver: solver), RadauIIA5(solver: solver),
    ]
    for method in methods { try expectSameBits(method) }
  }

  private func expectSameBits<Method: EmbeddedIntegrator<ODE<Tensor>>>(
    _ method: Method
  ) throws {
    func flow() -> Flow<Method> {
      Flow(
        Self.line.dynamics, over: 0...1e-4, tolerance: .relative(1e-4, absolute: 1e-6),
        using: method, adjoint: CheckpointedAdjoint(budget: 3))
    }
    let kept = flow()
    // Cold each time, and warm from the second time on.
    for make in [flow, { kept }] {
      try expectSameBits {
        let (loss, gradient) = try valueAndGradient(
          at: FlowProblem(make(), from: Self.line.start)
        ) { try $0.loss }
        return [loss.values] + gradient.leaves.map(\.values)
      }
    }
  }

  @Test func `explicit flows give the same bits with any number of threads`() throws {
    let kept = Flow(
      Self.line.dynamics, over: 0...1e-5, tolerance: .relative(1e-6, absolute: 1e-8),
      using: EmbeddedRungeKutta(.tsitouras5))
    try expectSameBits { [try kept(Self.line.start).values] }
    // What came before leaves no trace.
    let before = try kept(Self.line.start).values
    _ = try kept(2 * Self.line.start)
    #expect(try kept(Self.line.start).values == before)
  }
}
