import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// The same iteration as a loop of the engine and as a loop of Swift.
struct LoopCase: Sendable, CustomTestStringConvertible {
  typealias Body =
    @Sendable (
      _ carry: [Tensor], _ elements: [Tensor], _ shared: [Tensor]
    ) -> (next: [Tensor], emitted: [Tensor])

  var label: String
  var count = 5
  var isReversed = false
  var initial: [Tensor] = [.random([3], seed: 61)]
  /// Each sequence as a tensor for every iteration.
  var scanned: [[Tensor]] = []
  var scannedKinds: [SequenceKind] = []
  var emittedKinds: [SequenceKind] = []
  var shared: [Tensor] = []
  var body: Body

  var testDescription: String {
    "\(label), \(count) iterations\(isReversed ? ", reversed" : "")"
  }

  /// All tensors that a result depends on.
  var arguments: [Tensor] { initial + scanned.flatMap { $0 } + shared }

  /// Final tensors and emitted sequences, one after the other, with the sequences listed.
  func looped(_ arguments: [Tensor]) -> [Tensor] {
    let (initial, sequences, shared) = parts(of: arguments)
    let result = Loop.record(
      from: initial,
      over: zip(sequences, scannedKinds).map { $1 == .stacked ? .stacked(stack($0)) : .listed($0) },
      count: count, isReversed: isReversed, emittedKinds: emittedKinds
    ) { body($0, $1, shared) }
    let emitted = zip(result.emitted, emittedKinds).flatMap { tensors, kind in
      kind == .stacked ? (0..<count).map { tensors[0][$0] } : tensors
    }
    return result.final + emitted
  }

  func unrolled(_ arguments: [Tensor]) -> [Tensor] {
    var (carry, sequences, shared) = parts(of: arguments)
    var emitted = [[Tensor?]](
      repeating: [Tensor?](repeating: nil, count: count), count: emittedKinds.count)
    for iteration in 0..<count {
      let element = isReversed ? count - 1 - iteration : iteration
      let step = body(carry, sequences.map { $0[element] }, shared)
      carry = step.next
      for index in emitted.indices { emitted[index][element] = step.emitted[index] }
    }
    return carry + emitted.flatMap { $0.compactMap { $0 } }
  }

  private func parts(of arguments: [Tensor]) -> ([Tensor], [[Tensor]], [Tensor]) {
    var rest = arguments[...]
    let initial = Array(rest.prefix(self.initial.count))
    rest = rest.dropFirst(initial.count)
    let sequences = scanned.map { sequence in
      defer { rest = rest.dropFirst(sequence.count) }
      return Array(rest.prefix(sequence.count))
    }
    return (initial, sequences, Array(rest))
  }
}

extension LoopCase {
  /// As many iterations as given, forward and reversed.
  func variants(_ counts: [Int] = [0, 1, 2, 5]) -> [LoopCase] {
    counts.flatMap { count in
      [false, true].map { isReversed in
        var copy = self
        copy.count = count
        copy.isReversed = isReversed
        copy.scanned = scanned.map { Array($0.prefix(count)) }
        return copy
      }
    }
  }

  private static func sequence(_ shape: Shape, seed: UInt64) -> [Tensor] {
    (0..<5).map { .random(shape, seed: seed + UInt64($0)) }
  }

  private static let plain = LoopCase(label: "carried alone") { carry, _, _ in
    ([sin(carry[0]) * 1.5 + 0.25], [])
  }

  private static let two = LoopCase(
    label: "two that depend on each other",
    initial: [.random([3], seed: 62), .random([3], seed: 63)]
  ) { carry, _, _ in
    ([carry[1], carry[0] + 0.1 * sin(carry[1])], [])
  }

  private static let unchanged = LoopCase(
    label: "one unchanged and one that is forgotten",
    initial: [.random([3], seed: 64), .random([2], seed: 65)]
  ) { carry, _, _ in
    ([carry[0], sum(carry[0] * carry[0]).broadcast(to: [2])], [])
  }

  private static let weighted = LoopCase(
    label: "with weights", shared: [.random([3, 3], seed: 66), .random([3], seed: 67)]
  ) { carry, _, shared in
    ([tanh(matmul(carry[0], shared[0].transposed) + exp(shared[1]))], [])
  }

  private static let stacked = LoopCase(
    label: "over a stacked sequence", scanned: [sequence([3], seed: 70)],
    scannedKinds: [.stacked]
  ) { carry, elements, _ in
    ([carry[0] * elements[0] + cos(carry[0])], [])
  }

  private static let listed = LoopCase(
    label: "over a listed and a stacked sequence",
    scanned: [sequence([3], seed: 80), sequence([], seed: 90)], scannedKinds: [.listed, .stacked],
    shared: [.random([3], seed: 68)]
  ) { carry, elements, shared in
    ([tanh(carry[0] + elements[0] * shared[0]) * elements[1]], [])
  }

  private static let emitting = LoopCase(
    label: "with results of every iteration", scanned: [sequence([3], seed: 100)],
    scannedKinds: [.stacked], emittedKinds: [.stacked, .listed], shared: [.random([3], seed: 69)]
  ) { carry, elements, shared in
    let next = sin(carry[0] + elements[0]) * shared[0]
    return ([next], [next * carry[0], sum(square(next))])
  }

  private static let views = LoopCase(
    label: "with views", initial: [.random([4, 2], seed: 71)], emittedKinds: [.stacked],
    shared: [.random([2, 4], seed: 72)]
  ) { carry, _, shared in
    let y = carry[0].transposed.reshaped(to: [4, 2])
    return ([y * 0.5 + shared[0].transposed], [carry[0].slice(1..<3)])
  }

  private static let nested = LoopCase(
    label: "a loop in a loop", shared: [.random([3], seed: 73)]
  ) { carry, _, shared in
    let inner = Loop.record(from: [carry[0], shared[0]], over: [], count: 3) { inner, _ in
      ([sin(inner[0] + carry[0]) * inner[1], inner[1] * 0.9 + shared[0]], [])
    }
    return ([inner.final[0] + 0.1 * inner.final[1]], [])
  }

  private static let differentiated = LoopCase(
    label: "a gradient in a loop", shared: [.random([3], seed: 74)]
  ) { carry, _, shared in
    let force = gradient(at: carry[0]) { sum(cos($0 * shared[0]) * $0) }
    return ([carry[0] - 0.1 * force], [])
  }

  static let deep =
    two.variants() + weighted.variants([0, 1, 4]) + listed.variants([1, 4])
    + emitting.variants([1, 4]) + nested.variants([2])

  static let all =
    plain.variants() + unchanged.variants() + stacked.variants([1, 2, 5])
    + views.variants([0, 1, 4]) + differentiated.variants([1, 3]) + deep
}

@Suite struct LoopTests {
  @Test(arguments: LoopCase.all)
  func `a loop computes what its unrolled iterations compute`(_ loop: LoopCase) throws {
    let expected = loop.unrolled(loop.arguments)
    let results = try compile(loop.looped)(loop.arguments)
    let eager = loop.looped(loop.arguments)
    for index in expected.indices {
      expectClose(results[index], expected[index], relative: 1e-15)
      expectClose(eager[index], expected[index], relative: 1e-15)
    }
  }

  @Test(arguments: LoopCase.all)
  func `a loop runs in single precision`(_ loop: LoopCase) throws {
    let arguments = loop.arguments.map { $0.to(.float32) }
    let expected = loop.unrolled(arguments)
    let results = try compile(loop.looped)(arguments)
    for index in expected.indices { expectClose(results[index], expected[index], relative: 1e-6) }
  }

  @Test(arguments: LoopCase.all)
  func `derivatives of a loop are those of its values`(_ loop: LoopCase) throws {
    // One result at a time, and all of them: the adjoint skips what nobody asks for.
    let count = loop.unrolled(loop.arguments).count
    for kept in [0..<1, count - 1..<count, 0..<count] {
      try expectDerivatives(
        of: { x in
          concatenate(loop.looped(x)[kept].map { $0.reshaped(to: [$0.count]) })
        }, at: loop.arguments, directions: 1, "results \(kept)")
    }
  }

  @Test(arguments: LoopCase.all)
  func `the gradient of a loop is that of its unrolled iterations`(_ loop: LoopCase) throws {
    func total(_ results: [Tensor]) -> Tensor {
      results.enumerated().reduce(0) { $0 + sum(sin($1.element + Double($1.offset))) }
    }
    let slopes = gradient(at: loop.arguments) { total(loop.looped($0)) }
    let expected = gradient(at: loop.arguments) { total(loop.unrolled($0)) }
    for (slope, other) in zip(slopes, expected) {
      expectClose(slope, other, relative: 1e-13, absolute: 1e-15)
    }
  }

  @Test(arguments: LoopCase.deep)
  func `gradients of gradients of a loop are those of its unrolled iterations`(
    _ loop: LoopCase
  ) throws {
    func curvature(_ function: @escaping ([Tensor]) -> [Tensor]) -> [Tensor] {
      gradient(at: loop.arguments) { x in
        let slopes = gradient(at: x) { function($0).reduce(0) { $0 + sum(sin($1)) } }
        return slopes.enumerated().reduce(0) { total, slope in
          total + sum(square(slope.element)) * Double(slope.offset + 1)
        }
      }
    }
    for (slope, other) in zip(curvature(loop.looped), curvature(loop.unrolled)) {
      expectClose(slope, other, relative: 1e-12, absolute: 1e-14)
    }
  }

  @Test func `third derivatives go through a loop`() throws {
    func power(_ x: Tensor) -> Tensor {
      Loop.record(from: [1], over: [], count: 4) { carry, _ in ([carry[0] * x], []) }.final[0]
    }
    let third = gradient(at: Tensor(2)) { x in
      gradient(at: x) { x in gradient(at: x) { power($0) } }
    }
    expectClose(third.scalar, 24 * 2)
  }

  @Test(arguments: 1...40)
  func `a random body computes the same in a loop`(seed: Int) throws {
    let graph = try RandomGraph(seed: UInt64(3_000 + seed), length: 3 + seed % 20, isSmooth: true)
    let law = LoopCase(
      label: "seed \(seed)", count: 3, isReversed: seed % 2 == 0, initial: graph.inputs,
      emittedKinds: [.stacked]
    ) { carry, _, _ in
      let results = (try? graph(carry)) ?? []
      let mixed = results.reduce(0) { $0 + tanh(mean($1)) }
      return (carry.map { sin($0 + mixed) }, [results[0]])
    }
    for (actual, expected) in zip(law.looped(law.arguments), law.unrolled(law.arguments)) {
      expectClose(actual, expected, relative: 1e-14, "\(graph.listing)")
    }
    func slopes(_ function: ([Tensor]) -> [Tensor]) -> [Tensor] {
      gradient(at: law.arguments) { function($0).reduce(0) { $0 + sum(sin($1)) } }
    }
    for (slope, expected) in zip(slopes(law.looped), slopes(law.unrolled)) {
      expectClose(slope, expected, relative: 1e-11, absolute: 1e-13, "\(graph.listing)")
    }
  }
}
