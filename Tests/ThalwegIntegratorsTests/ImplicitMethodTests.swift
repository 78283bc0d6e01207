import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// What single implicit methods promise beside the laws of the catalogue.
@Suite struct ImplicitMethodTests {
  private static let solver = NewtonKrylov(tolerance: 1e-15)
  private static let embedded: [any EmbeddedIntegrator<ODE<Tensor>>] =
    DiagonallyImplicitTableau.all.map { DiagonallyImplicitRungeKutta($0, solver: solver) }
    + [RadauIIA5(solver: solver)]

  @Test(arguments: embedded.indices)
  func `the estimate falls with its power of the step`(index: Int) {
    let method = Self.embedded[index]
    let found = MovingProblem.power(at: 0.05) { MovingProblem.estimate(of: method, by: $0) }
    #expect(abs(found - Double(method.errorOrder)) < 0.25, "\(method): \(found)")
  }

  @Test(arguments: embedded.indices)
  func `values between the ends of a step are of their order`(index: Int) {
    let method = Self.embedded[index]
    let found = MovingProblem.power(at: 0.05) { MovingProblem.denseError(of: method, by: $0) }
    #expect(found > Double(min(3, method.order)) + 0.8, "\(method): \(found)")
  }

  // MARK: - Stiff problems

  /// Its solution is cos t; components are pulled towards it ever more strongly.
  private static let pull = ODE { t, y in Tensor([-1e2, -1e4, -1e6]) * (y - cos(t)) - sin(t) }

  @Test(arguments: embedded.indices)
  func `steps through a stiff problem are as long as its solution allows`(index: Int) throws {
    try expectLongSteps(Self.embedded[index])
  }

  private func expectLongSteps<Method: EmbeddedIntegrator<ODE<Tensor>>>(_ method: Method) throws {
    let flow = Flow(
      Self.pull, over: 0...10, tolerance: .relative(1e-5, absolute: 1e-5), using: method)
    let end = try flow(.ones([3]))
    expectClose(end.values, [Double](repeating: Foundation.cos(10), count: 3), absolute: 2e-4)
    #expect(flow.statistics.accepted < 1_000, "\(method): \(flow.statistics)")
    #expect(flow.statistics.largestStep ?? 0 > 0.01)
  }

  @Test func `the estimate of TR-BDF2 stays bounded however stiff a component is`() {
    let method = DiagonallyImplicitRungeKutta<ODE<Tensor>>(.trBDF2)
    let errors = [1e2, 1e6, 1e10].map { λ in
      let decay = ODE { _, y in -λ * y }
      let carry = method.start(decay, at: 0, from: [1], by: 1)
      return abs(method.attempt(decay, at: 0, from: carry, by: 1).error.scalar)
    }
    #expect(errors.allSatisfy { $0 < 2 }, "\(errors)")
  }

  // MARK: - Invariants

  /// A body that turns freely keeps two quadratic forms.
  private static let body = ODE { _, y in
    Tensor([-2, 1.25, -0.5]) * [y[1] * y[2], y[0] * y[2], y[0] * y[1]]
  }

  private func drift(_ method: some Integrator<ODE<Tensor>>) throws -> Double {
    let flow = Flow(Self.body, over: 0...50, steps: 500, using: method)
    let end = try flow([1, 0, 0.9]).values
    func form(_ y: [Double]) -> Double { y[0] * y[0] + 1.6 * y[1] * y[1] }
    return abs(form(end) - 1)
  }

  @Test func `symplectic methods keep quadratic invariants`() throws {
    #expect(try drift(Gauss4(solver: Self.solver)) < 1e-13)
    #expect(try drift(ImplicitMidpoint(solver: Self.solver)) < 1e-13)
    #expect(try drift(Trapezoid(solver: Self.solver)) > 1e-6)
  }

  // MARK: - Linear systems

  /// Diffusion on a line between ends that are held at 0.
  private static func diffusion(_ count: Int) -> ODE<Tensor> {
    let scale = Double((count + 1) * (count + 1))
    return ODE { _, u in
      let all = concatenate([.zeros([1]), u, .zeros([1])])
      return scale * (all.slice(2..<count + 2) - 2 * u + all.slice(0..<count))
    }
  }

  /// The sine transform, in which diffusion multiplies.
  private static func exactInverse(_ count: Int) -> StagePreconditioner<Tensor> {
    let angle = Double.pi / Double(count + 1)
    let sines = tabulated([count, count]) { index in
      (2 / Double(count + 1)).squareRoot()
        * Foundation.sin(angle * Double((index[0] + 1) * (index[1] + 1)))
    }
    let rates = tabulated([count]) { index in
      let half = Foundation.sin(angle * Double(index[0] + 1) / 2) * Double(count + 1)
      return 4 * half * half
    }
    return StagePreconditioner { _, factor, _, v in
      matmul(sines, matmul(sines, v) / (1 + factor * rates))
    }
  }

  @Test func `a preconditioner changes the work and not the result`() throws {
    let (count, field) = (60, Self.diffusion(60))
    let start = tabulated([count]) { Foundation.sin(7 * Double($0[0] * $0[0])) }
    let solver = NewtonKrylov(tolerance: 1e-12, linear: .gmres(restart: 60))
    func run(
      _ method: (StagePreconditioner<Tensor>?) -> any Integrator<ODE<Tensor>>,
      _ preconditioner: StagePreconditioner<Tensor>?
    ) throws -> (Tensor, Int) { try end(method(preconditioner), field, start) }
    let methods: [(StagePreconditioner<Tensor>?) -> any Integrator<ODE<Tensor>>] = [
      { BackwardEuler(solver: solver, preconditioner: $0) },
      { Theta(0.6, solver: solver, preconditioner: $0) },
      { Trapezoid(solver: solver, preconditioner: $0) },
      { ImplicitMidpoint(solver: solver, preconditioner: $0) },
      { SDIRK2(solver: solver, preconditioner: $0) },
      { DiagonallyImplicitRungeKutta(.kvaerno3, solver: solver, preconditioner: $0) },
      { Gauss4(solver: solver, preconditioner: $0) },
      { RadauIIA5(solver: solver, preconditioner: $0) },
    ]
    for method in methods {
      let (plain, work) = try run(method, nil)
      let (fast, less) = try run(method, Self.exactInverse(count))
      expectClose(fast, plain, relative: 1e-8)
      #expect(less < work / 2, "\(method(nil)): \(less) of \(work)")
    }
  }

  private func end<Method: Integrator<ODE<Tensor>>>(
    _ method: Method, _ field: ODE<Tensor>, _ start: Tensor
  ) throws -> (Tensor, Int) {
    let flow = Flow(field, over: 0...0.1, steps: 10, using: method)
    return (try flow(start), flow.statistics.krylovIterations)
  }

  @Test func `a weight that is no weight traps`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Theta<ODE<Tensor>>(0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("theta method: 0.0 is not in (0, 1]"))
  }
}
