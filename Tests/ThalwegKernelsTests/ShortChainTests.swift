import Testing
import ThalwegKernels
import ThalwegTestSupport

/// Short chains that follow one another become one function.
@Suite struct ShortChainTests {
  @Test(arguments: 0..<40)
  func `programs of short chains give what their interpreter gives`(group: Int) throws {
    for seed in 0..<50 {
      let program = RandomShortProgram(seed: UInt64(1000 * group + seed))
      let expected = try program.run(usingMachineCode: false)
      let found = try program.run(usingMachineCode: true)
      for (a, b) in zip(expected, found) {
        let wrong = (0..<a.count).first { !isSame(a[$0], b[$0]) }
        #expect(wrong == nil, "seed \(1000 * group + seed)")
      }
    }
  }

  @Test(.enabled(if: ChainFunction.isAvailable))
  func `buffers that only one function uses take no memory`() throws {
    var builder = ProgramBuilder()
    let x = builder.input(count: 3, dtype: .float64)
    let y = builder.output(count: 3, dtype: .float64)
    let between = builder.temporary(count: 3, dtype: .float64)
    for (source, target) in [(x, between), (between, y)] {
      builder.chain(
        Chain(
          over: [3], inputs: [Chain.View(slot: source, offset: 0, strides: [1])], constants: [],
          registers: 0, outputs: [Chain.View(slot: target, offset: 0, strides: [1])],
          code: [Chain.Instruction(.square, into: 1, 0, 0, 0)]), .float64, label: "square")
    }
    let program = builder.finish()
    #expect(program.arenaBytes == 0)
    #expect(program.listing == ["square", "square"])
    #expect(try program.run([Storage([1, 2, 3], dtype: .float64)])[0].values == [1, 16, 81])
  }
}

/// Chains of a few elements over buffers that are put together from parts and taken apart again.
private struct RandomShortProgram {
  private struct Step {
    var count: Int
    var inputs: [(buffer: Int, offset: Int, stride: Int)] = []
    var target: (buffer: Int, offset: Int)
    var operations: [ChainOperation] = []
    var constant: Double
  }

  private let dtype: DType
  private var sizes: [Int] = []
  private let inputCount: Int
  private var outputs: Set<Int> = []
  private var steps: [Step] = []

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    dtype = Bool.random(using: &random) ? .float32 : .float64
    inputCount = Int.random(in: 1...3, using: &random)
    for _ in 0..<inputCount { sizes.append(Int.random(in: 1...20, using: &random)) }
    for _ in 0..<Int.random(in: 1...14, using: &random) {
      let count = [1, 2, 3, 4, 6, 8, 10].randomElement(using: &random) ?? 1
      let parts = Int.random(in: 1...3, using: &random)
      for part in 0..<parts {
        var step = Step(
          count: count, target: (sizes.count, part * count),
          constant: Double.random(in: -2...2, using: &random))
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          step.inputs.append(input(of: count, &random))
        }
        step.operations = (0..<Int.random(in: 0...3, using: &random)).map { _ in
          [.add, .multiply, .subtract, .tanh, .maximum].randomElement(using: &random) ?? .add
        }
        steps.append(step)
      }
      sizes.append(count * parts)
      if Int.random(in: 0..<4, using: &random) == 0 { outputs.insert(sizes.count - 1) }
    }
    outputs.insert(sizes.count - 1)
  }

  private func input(
    of count: Int, _ random: inout SplitMix64
  ) -> (buffer: Int, offset: Int, stride: Int) {
    let buffer = Int.random(in: 0..<sizes.count, using: &random)
    let size = sizes[buffer]
    guard size >= count, Bool.random(using: &random) else {
      return (buffer, Int.random(in: 0..<size, using: &random), 0)
    }
    let stride = size >= 2 * count ? Int.random(in: 1...2, using: &random) : 1
    return (buffer, Int.random(in: 0..<size - (count - 1) * stride, using: &random), stride)
  }

  func run(usingMachineCode isCompiled: Bool) throws -> [Storage] {
    var builder = ProgramBuilder()
    builder.usesMachineCode = isCompiled
    let slots = sizes.enumerated().map { index, count in
      if index < inputCount { return builder.input(count: count, dtype: dtype) }
      return outputs.contains(index)
        ? builder.output(count: count, dtype: dtype) : builder.temporary(count: count, dtype: dtype)
    }
    for step in steps { builder.chain(chain(step, slots), dtype, label: "step") }
    let inputs = (0..<inputCount).map { index in
      Storage((0..<sizes[index]).map { Double(3 * $0 + index) / 7 - 2 }, dtype: dtype)
    }
    return try builder.finish().run(inputs)
  }

  private func chain(_ step: Step, _ slots: [Slot]) -> Chain {
    let inputs = step.inputs.map {
      Chain.View(slot: slots[$0.buffer], offset: $0.offset, strides: [$0.stride])
    }
    // Each operation takes the result before it and an input in turn; the first, the constant.
    var last = inputs.count
    var code: [Chain.Instruction] = []
    for (index, operation) in step.operations.enumerated() {
      let result = inputs.count + 1 + index
      code.append(Chain.Instruction(operation, into: result, last, index % inputs.count, 0))
      last = result
    }
    let result = inputs.count + 1 + step.operations.count
    code.append(Chain.Instruction(.add, into: result, last, inputs.count - 1, 0))
    return Chain(
      over: [step.count], inputs: inputs, constants: [step.constant],
      registers: step.operations.count,
      outputs: [
        Chain.View(slot: slots[step.target.buffer], offset: step.target.offset, strides: [1])
      ], code: code)
  }
}
