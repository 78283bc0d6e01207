import Foundation
import Testing
import ThalwegKernels
import ThalwegTestSupport

/// Chains in machine code against their interpreter, which is compiled from C.
@Suite struct MachineCodeTests {
  @Test(.enabled(if: ChainFunction.isAvailable), arguments: 0..<60)
  func `random chains give what the interpreter gives, however they are cut`(group: Int) throws {
    for seed in 0..<50 {
      let random = RandomChain(seed: UInt64(1000 * group + seed))
      let expected = try random.interpreted()
      let functions = [
        ChainFunction(random.chain, random.dtype),
        ChainFunction(short: [random.chain], random.dtype),
      ]
      for (index, function) in functions.enumerated() {
        guard let function else { continue }
        let buffers = random.buffers.map {
          GuardedMemory($0, random.dtype, isAtEnd: seed % 2 == 0)
        }
        function.run(buffers, cuts: index == 0 ? random.cuts(of: function.rows) : [])
        let found = buffers.suffix(random.outputCount + random.watchCount).map(\.values)
        for watch in 0..<random.watchCount {
          let place = random.outputCount + watch
          #expect(
            isSame(found[place][0], expected[place][0]), "seed \(1000 * group + seed), a watch")
        }
        for (output, view) in random.chain.outputs.enumerated() {
          let written = random.written(by: view)
          let wrong = found[output].indices.first { place in
            let value = written.contains(place) ? expected[output][place] : RandomChain.untouched
            return !isSame(found[output][place], value)
          }
          #expect(wrong == nil, "seed \(1000 * group + seed), output \(output)")
        }
      }
    }
  }

  @Test(.enabled(if: ChainFunction.isAvailable), arguments: [DType.float32, .float64])
  func `every operation is translated, for numbers of all sizes`(dtype: DType) throws {
    var random = SplitMix64(seed: 11)
    let values = (0..<3).map { _ in
      (0..<20_000).map { index in
        index % 2 == 0 ? wildNumber(using: &random) : Double.random(in: -30...30, using: &random)
      }
    }
    for operation in RandomChain.operations {
      let dense = (0..<3).map { Chain.View(slot: slots[$0], offset: 0, strides: [1]) }
      let chain = Chain(
        over: [20_000], inputs: dense, constants: [], registers: 0,
        outputs: [Chain.View(slot: slots[3], offset: 0, strides: [1])],
        code: [Chain.Instruction(operation, into: 3, 0, 1, 2)])
      var builder = ProgramBuilder()
      builder.usesMachineCode = false
      for _ in values { _ = builder.input(count: 20_000, dtype: dtype) }
      _ = builder.output(count: 20_000, dtype: dtype)
      builder.chain(chain, dtype, label: "one")
      let expected = try builder.finish().run(values.map { Storage($0, dtype: dtype) })[0]
      let function = try #require(ChainFunction(chain, dtype))
      let zeros = [Double](repeating: 0, count: 20_000)
      let buffers = (values + [zeros]).map { GuardedMemory($0, dtype, isAtEnd: true) }
      function.run(buffers)
      let found = buffers[3].values
      let wrong = found.indices.first { !isSame(found[$0], expected[$0]) }
      #expect(wrong == nil, "operation \(operation.rawValue)")
    }
  }

  @Test(arguments: [ChainOperation.sin, .cos, .power])
  func `what cannot be translated is interpreted`(operation: ChainOperation) throws {
    let views = (0..<3).map { Chain.View(slot: slots[$0], offset: 0, strides: [1]) }
    let chain = Chain(
      over: [40], inputs: Array(views.prefix(2)), constants: [], registers: 0,
      outputs: [views[2]], code: [Chain.Instruction(operation, into: 2, 0, 1, 0)])
    #expect(ChainFunction(chain, .float64) == nil)
    var builder = ProgramBuilder()
    for _ in 0..<2 { _ = builder.input(count: 40, dtype: .float64) }
    _ = builder.output(count: 40, dtype: .float64)
    builder.chain(chain, .float64, label: "interpreted")
    let x = (0..<40).map { Double($0) / 8 }
    let result = try builder.finish().run([Storage(x), Storage(x)])[0]
    for (index, x) in x.enumerated() {
      let expected =
        operation == .sin ? Foundation.sin(x) : (operation == .cos ? Foundation.cos(x) : pow(x, x))
      #expect(abs(result[index] - expected) <= 1e-15 * max(1, abs(expected)))
    }
  }

  @Test(.enabled(if: ChainFunction.isAvailable))
  func `no memory can be written and executed at once`() throws {
    let chain = RandomChain(seed: 3)
    let function = try #require(ChainFunction(chain.chain, chain.dtype))
    let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
    withExtendedLifetime(function) {
      #expect(!maps.contains("rwx"))
    }
  }

  @Test(.enabled(if: ChainFunction.isAvailable), arguments: [3, 16, 100, 1000])
  func `an output may lie over an input`(count: Int) throws {
    // copy x; y = 2 x over x; z = copy + y
    let views = (0..<3).map { Chain.View(slot: slots[$0], offset: 0, strides: [1]) }
    let chain = Chain(
      over: [count], inputs: [views[0]], constants: [2], registers: 1,
      outputs: [views[1], views[2]],
      code: [
        Chain.Instruction(.copy, into: 2, 0, 0, 0), Chain.Instruction(.multiply, into: 3, 0, 1, 0),
        Chain.Instruction(.add, into: 4, 2, 3, 0),
      ])
    let x = (0..<count).map { Double($0) - 7 }
    for function in [
      ChainFunction(chain, .float64, overwriting: [slots[0]]),
      ChainFunction(short: [chain], .float64, overwriting: [slots[0]]),
    ] {
      guard let function else { continue }
      let memory = GuardedMemory(x, .float64, isAtEnd: true)
      let sum = GuardedMemory(x, .float64, isAtEnd: true)
      function.run([memory, memory, sum])
      #expect(memory.values == x.map { 2 * $0 })
      #expect(sum.values == x.map { 3 * $0 })
    }
  }
}
