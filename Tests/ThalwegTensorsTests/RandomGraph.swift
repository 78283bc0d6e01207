import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// A function of some tensors that is made of random operations.
///
/// The same seed makes the same function. While it is made, it is evaluated operation by operation,
/// so that all of its values are known to be finite and of moderate size.
struct RandomGraph: Sendable, CustomTestStringConvertible {
  /// An operation on values that are there already.
  struct Step: Sendable {
    var label: String
    var operands: [Int]
    var apply: @Sendable ([Tensor]) throws -> Tensor
  }

  let seed: UInt64
  let inputs: [Tensor]
  let constants: [Tensor]
  let steps: [Step]
  /// The places of the outputs among inputs, constants and results of steps.
  let outputs: [Int]

  /// Makes a graph; a smooth one has derivatives of any order and is all in doubles.
  init(seed: UInt64, length: Int, isSmooth: Bool) throws {
    var builder = GraphBuilder(seed: seed, isSmooth: isSmooth)
    while builder.steps.count < length { try builder.addStep() }
    self.seed = seed
    inputs = builder.inputs
    constants = builder.constants
    steps = builder.steps
    outputs = builder.chosenOutputs()
  }

  /// The outputs, computed at once from numbers or recorded from symbols.
  func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
    var values = inputs + constants
    for step in steps { values.append(try step.apply(step.operands.map { values[$0] })) }
    return outputs.map { values[$0] }
  }

  /// Other inputs of the same shapes.
  func otherInputs() -> [Tensor] {
    inputs.enumerated().map { index, input in
      .random(input.shape, dtype: input.dtype, seed: seed &* 31 &+ UInt64(index))
    }
  }

  var testDescription: String { "seed \(seed)" }

  /// The graph in full, to be printed where it fails.
  var listing: String {
    let names = inputs.map { "input \($0.type)" } + constants.map { "constant \($0.type)" }
    let lines = names + steps.map { "\($0.label) of \($0.operands)" }
    return lines.enumerated().map { "\($0): \($1)" }.joined(separator: "\n")
      + "\noutputs \(outputs)"
  }
}

/// Adds random steps to a graph.
struct GraphBuilder {
  var random: SplitMix64
  let isSmooth: Bool
  let dtype: DType
  private(set) var inputs: [Tensor] = []
  private(set) var constants: [Tensor] = []
  private(set) var steps: [RandomGraph.Step] = []
  private(set) var values: [Tensor] = []
  /// Results of steps that no step has used so far.
  private var unused: Set<Int> = []
  /// Values that depend on no input, and are computed while the graph is traced.
  private var fixed: Set<Int> = []
  /// Values whose last two axes a plan may know to be exchanged.
  private var transposed: Set<Int> = []

  /// Shapes that broadcast with each other; some cross the pieces that chains work on.
  private static let families: [[Shape]] = [
    [[3, 4], [4], [3, 1], [1], []], [[2, 3, 4], [3, 4], [4], [2, 1, 4], []], [[33], [33], [1]],
    [[5, 5], [5], [5, 1], [5, 5]], [[2, 2, 3], [2, 3], [3], [1, 1]],
    [[70, 80], [80], [70, 1], [1, 80], []], [[5000], [5000], [1], []],
    [[2, 30, 50], [30, 50], [50], [2, 1, 1], [30, 1]],
  ]
  private static let largest = 12_000

  init(seed: UInt64, isSmooth: Bool) {
    var random = SplitMix64(seed: seed)
    let isDouble = random.below(3) > 0
    dtype = isSmooth || isDouble ? .float64 : .float32
    self.isSmooth = isSmooth
    let shapes = random.pick(isSmooth ? Self.families.prefix(5) : Self.families[...])
    for _ in 0..<2 + random.below(3) {
      inputs.append(.random(random.pick(shapes), dtype: dtype, using: &random))
    }
    constants = [
      Tensor([Double(random.below(2))], shape: [], dtype: dtype),
      .random(random.pick(shapes), dtype: dtype, using: &random),
    ]
    values = inputs + constants
    fixed = Set(inputs.count..<values.count)
    self.random = random
  }

  /// Adds a step if a random choice of operation and operands makes sense.
  mutating func addStep() throws {
    let makers: [(inout GraphBuilder) -> RandomGraph.Step?] = [
      { $0.unary() }, { $0.unary() }, { $0.unary() }, { $0.withNumber() }, { $0.binary() },
      { $0.binary() }, { $0.binary() }, { $0.broadcast() }, { $0.reshape() }, { $0.transpose() },
      { $0.slice() }, { $0.pad() }, { $0.concatenation() }, { $0.reduction() }, { $0.reduction() },
      { $0.product() }, { $0.product() }, { $0.gather() }, { $0.convolution() }, { $0.marked() },
    ]
    guard let step = random.pick(makers)(&self) else { return }
    let value = try step.apply(step.operands.map { values[$0] })
    let numbers = value.values
    guard value.count <= Self.largest, numbers.allSatisfy({ $0.magnitude < 100 }) else { return }
    if step.label.hasPrefix("transpose") { transposed.insert(values.count) }
    if fixed.isSuperset(of: step.operands) { fixed.insert(values.count) }
    unused.subtract(step.operands)
    unused.insert(values.count)
    steps.append(step)
    values.append(value)
  }

  /// What no step uses, and some others that may be inputs, constants, views or repeated.
  mutating func chosenOutputs() -> [Int] {
    var outputs = random.below(3) == 0 ? [values.count - 1] : unused.sorted()
    for _ in 0..<random.below(4) { outputs.append(random.below(values.count)) }
    if random.below(4) == 0 { outputs.append(outputs[0]) }
    return outputs.shuffled(using: &random)
  }

  /// A value, more often one that has not been used.
  mutating func anyValue() -> Int {
    if !unused.isEmpty, random.below(3) > 0 { return random.pick(unused.sorted()) }
    return random.below(values.count)
  }

  /// A value that has axes, with one of them.
  mutating func anyAxis() -> (value: Int, axis: Int)? {
    let value = anyValue()
    guard values[value].rank > 0 else { return nil }
    return (value, random.below(values[value].rank))
  }

  /// A value with a property, if there is any.
  mutating func anyValue(where isSuitable: (Tensor) -> Bool) -> Int? {
    let suitable = values.indices.filter { isSuitable(values[$0]) }
    let fresh = suitable.filter(unused.contains)
    if !fresh.isEmpty, random.below(3) > 0 { return random.pick(fresh) }
    return suitable.isEmpty ? nil : random.pick(suitable)
  }

  /// Whether a plan may read a value by exchanging the axes of another one, and so multiply it
  /// by another of its loops, which rounds differently.
  func isExchanged(_ value: Int) -> Bool { transposed.contains(value) }

  /// Whether a value depends on no input.
  func isFixed(_ value: Int) -> Bool { fixed.contains(value) }
}

extension SplitMix64 {
  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element
  where Choices.Index == Int { choices[choices.startIndex + below(choices.count)] }
}
