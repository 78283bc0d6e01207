import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// What a loop does not do, and what stops it.
@Suite struct LoopPlanTests {
  private func plan(
    count: Int = 10, _ body: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) throws -> Plan {
    try compile { (x: Tensor, w: Tensor) in
      Loop.record(from: [x], over: [], count: count) { carry, _ in
        ([body(carry[0], w)], [])
      }.final[0]
    }.plan(for: .random([8], seed: 1), .random([8, 8], seed: 2))
  }

  /// The lines of a plan before, inside and after its only loop.
  private func parts(of plan: Plan) -> (outside: String, inside: String) {
    let lines = plan.description.split(separator: "\n")
    let inside = lines.filter { $0.hasPrefix("       ") }
    return (
      lines.filter { !$0.hasPrefix("       ") }.joined(separator: "\n"),
      inside.joined(separator: "\n")
    )
  }

  @Test func `what does not change is computed once`() throws {
    let (outside, inside) = parts(of: try plan { x, w in matmul(x, exp(w) * 2) })
    #expect(outside.contains("exp") && !inside.contains("exp"))
    #expect(inside.contains("matmul") && !outside.contains("matmul"))
  }

  @Test func `what does not change of a gradient is computed once`() throws {
    let function = { @Sendable (x: Tensor, w: Tensor) in
      Loop.record(from: [x], over: [], count: 10) { carry, _ in
        ([matmul(carry[0], exp(w))], [])
      }.final[0]
    }
    let plan = try compile { (x: Tensor, w: Tensor) in
      gradient(at: [x, w]) { sum(function($0[0], $0[1])) }
    }.plan(for: .random([8], seed: 1), .random([8, 8], seed: 2))
    #expect(!parts(of: plan).inside.contains("exp"))
  }

  @Test func `random numbers without a changing key stay the same`() throws {
    let (outside, inside) = parts(
      of: try plan { x, _ in x + Tensor.randomNormal([8], key: 1) })
    #expect(!inside.contains("random") && !outside.contains("random"))
  }

  @Test func `a loop that is not differentiated keeps no tape`() throws {
    let short = try plan(count: 10) { x, w in sin(matmul(x, w)) }
    let long = try plan(count: 1_000) { x, w in sin(matmul(x, w)) }
    #expect(short.arenaBytes == long.arenaBytes)
  }

  @Test func `emitted sequences that nobody reads are not computed`() throws {
    let plan = try compile { (x: Tensor) in
      Loop.record(
        from: [x], over: [], count: 3, emittedKinds: [.stacked, .listed]
      ) { carry, _ in
        ([carry[0] + 1], [exp(carry[0]), cos(carry[0])])
      }.emitted[1][2]
    }.plan(for: [1, 2])
    #expect(!plan.description.contains("exp") && plan.description.contains("cos"))
  }

  @Test func `equal loops are one`() throws {
    let plan = try compile { (x: Tensor) in
      let result = Loop.record(from: [x], over: [], count: 3) { carry, _ in
        ([sin(carry[0])], [])
      }
      return result.final[0] + 2 * result.final[0]
    }.plan(for: [1, 2])
    #expect(plan.description.ranges(of: "loop × 3").count == 1)
  }

  // MARK: - The guard

  private struct Unfinished: Error, Equatable {
    var iteration: Int
    var leaf: Int
    var element: Int
    var isNaN: Bool
  }

  private static let watch = LoopGuard(count: 2) { failure in
    Unfinished(
      iteration: failure.iteration, leaf: failure.leaf, element: failure.element,
      isNaN: failure.value.isNaN)
  }

  /// A loop whose second leaf stops being finite in its third element.
  @Sendable private static func failing(_ rate: Tensor, isReversed: Bool = false) -> Tensor {
    let start = Tensor([1, 1, 1, 1])
    let rates = concatenate([Tensor.ones([2]), rate.reshaped(to: [1]), Tensor.ones([1])])
    let result = Loop.record(
      from: [Tensor([1, 2]), start.to(rate.dtype).to(.float64)], over: [], count: 10,
      isReversed: isReversed, watch: watch
    ) { carry, _ in
      ([carry[0] * 1, log(exp(carry[1]) * rates)], [])
    }
    return result.final[1]
  }

  @Test(arguments: [false, true])
  func `the guard names iteration, leaf and element`(isReversed: Bool) throws {
    let function = compile { (rate: Tensor) in Self.failing(rate, isReversed: isReversed) }
    // The logarithms of a negative number and of 0.
    #expect(throws: Unfinished(iteration: 0, leaf: 1, element: 2, isNaN: true)) {
      try function(-1)
    }
    #expect(throws: Unfinished(iteration: 0, leaf: 1, element: 2, isNaN: false)) {
      try function(0)
    }
    // exp overflows where the state, which grows by 100 each time, passes 709.
    #expect(throws: Unfinished(iteration: 7, leaf: 1, element: 2, isNaN: false)) {
      try function(exp(100))
    }
    // The workspace of a run that failed serves the next one.
    #expect(try function(1).values == [1, 1, 1, 1])
  }

  @Test func `the guard of an inner loop reaches the caller`() throws {
    let function = compile { (rate: Tensor) in
      Loop.record(from: [Tensor.zeros([4])], over: [], count: 2) { carry, _ in
        ([carry[0] + Self.failing(rate + sum(carry[0]))], [])
      }.final[0]
    }
    #expect(throws: Unfinished(iteration: 0, leaf: 1, element: 2, isNaN: true)) {
      try function(-1)
    }
    #expect(try function(1).count == 4)
  }

  @Test func `a gradient throws where its loop fails`() throws {
    #expect(throws: Unfinished(iteration: 0, leaf: 1, element: 2, isNaN: true)) {
      try valueAndGradient(at: Tensor(-1)) { sum(Self.failing($0)) }
    }
  }

  @Test func `a loop without a guard carries NaN through`() throws {
    let result = try compile { (x: Tensor) in
      Loop.record(from: [x], over: [], count: 3) { carry, _ in ([log(carry[0])], []) }.final[0]
    }(-1)
    #expect(result.scalar.isNaN)
  }

  @Test(arguments: [1, 1_024, 1_500, 5_000])
  func `the first number that is not finite is found`(element: Int) throws {
    let watch = LoopGuard(count: 1) { $0 }
    let function = compile { (x: Tensor) in
      Loop.record(from: [x], over: [], count: 2, watch: watch) { carry, _ in
        ([exp(carry[0])], [])
      }.final[0]
    }
    let values = (0..<6_000).map { $0 == element || $0 == element + 70 ? 800.0 : -1 }
    let failure = #expect(throws: LoopFailure.self) { try function(Tensor(values)) }
    #expect(failure?.element == element && failure?.iteration == 0)
    #expect(failure?.value == .infinity)
  }
}
