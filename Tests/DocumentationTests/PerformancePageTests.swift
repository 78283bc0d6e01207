import Testing
import Thalweg

/// The code of docs/performance.md.
@Suite struct PerformancePageTests {
  @Test func `what is repeated is compiled, in memory that is known beforehand`() throws {
    let field = ODE(Dense(2, 16, seed: 1), Dense(16, 2, seed: 2)) { t, y, a, b in b(tanh(a(y))) }
    let model = Flow(field, over: 0...1, steps: 20, using: RungeKutta(.classic))
    let points = Tensor.randomNormal([64, 2], key: 1, dtype: .float32)

    let update = compile { (model: Flow<RungeKutta<ODE<Tensor>>>, points: Tensor) in
      try ValueAndGradient(at: model) { model in mean(square(try model(points))) }
    }
    let step = try update(model, points)
    let plan = try update.plan(for: model, points)
    print(plan.evaluations, plan.peakBytes, plan)

    let threads = Threads.count  // THALWEG_THREADS, or the processors
    Threads.count = 1
    let alone = try model(points)
    Threads.count = threads
    print(try model(points).values == alone.values)  // true

    let deep = Flow(field, over: 0...1, steps: 2_000, using: RungeKutta(.classic))
    let sparing = Flow(
      field, over: 0...1, steps: 2_000, using: RungeKutta(.classic),
      adjoint: CheckpointedAdjoint(budget: 20))
    let bytes = try [deep, sparing].map { flow in
      try update.plan(for: flow, points).peakBytes
    }
    print(bytes)  // each step's state, or 20 of them

    // Four stages a step forth, and at least three of them again on the way back.
    #expect((140...160).contains(plan.evaluations), "\(plan.evaluations)")
    let exact = try valueAndGradient(at: model) { mean(square(try $0(points))) }
    #expect(step.value.values == exact.value.values)
    #expect(step.gradient.leaves.map(\.values) == exact.gradient.leaves.map(\.values))
    #expect(try model(points).values == alone.values)
    let state = 64 * 2 * 4
    #expect(bytes[0] > 2_000 * state && bytes[1] < bytes[0] / 10, "\(bytes)")
  }

  @Test func `precision is that of the tensors`() {
    let single = Tensor.randomNormal([64, 2], key: 1, dtype: .float32)
    print((2 * single + 1).dtype, single.to(.float64).dtype)  // float32 float64

    #expect((2 * single + 1).dtype == .float32 && single.to(.float64).dtype == .float64)
  }
}
