import Testing
import ThalwegKernels

/// Chains whose values are those of their neighbours, so that machine code computes them only once.
@Suite struct SharedValuesTests {
  @Test(.enabled(if: ChainFunction.isAvailable), arguments: 0..<40)
  func `flows between neighbours are those of the interpreter`(group: Int) throws {
    for seed in 0..<50 {
      var stencil = RandomStencil(seed: UInt64(1000 * group + seed))
      let expected = try stencil.interpreted()
      guard let function = ChainFunction(stencil.chain, stencil.dtype) else { continue }
      let zeros = [Double](repeating: 0, count: stencil.values.count)
      let buffers = [stencil.values, zeros].map {
        GuardedMemory($0, stencil.dtype, isAtEnd: seed % 2 == 0)
      }
      function.run(buffers, cuts: stencil.cuts(of: function.rows))
      let found = buffers[1].values
      let wrong = found.indices.first { !isSame(found[$0], expected[$0]) }
      #expect(wrong == nil, "seed \(1000 * group + seed), \(stencil.boundary)")
    }
  }

  @Test(arguments: [
    ([2, 1, 1, 0], 1), ([2, 1, 2, 1], 0), ([2, 1, -2, -3], 1), ([9, 8, 1, 0], 0),
  ])
  func `a flow is found again some elements further`(places: [Int], shared: Int) {
    let inputs = places.map { place in
      Chain.View(
        slot: slots[0], offset: 0, strides: [1],
        shifts: [0: AxisShift(distance: place, extent: 10_000, boundary: .replicated)])
    }
    let code: [Chain.Instruction] = [
      .init(.subtract, into: 5, 0, 1, 0), .init(.tanh, into: 5, 5, 0, 0),
      .init(.subtract, into: 6, 2, 3, 0), .init(.tanh, into: 6, 6, 0, 0),
      .init(.subtract, into: 7, 5, 6, 0),
    ]
    let chain = Chain(
      over: [10_000], inputs: inputs, constants: [1], registers: 2,
      outputs: [Chain.View(slot: slots[1], offset: 0, strides: [1])], code: code)
    #expect(ChainFunction.sharedValues(of: chain) == shared)
  }
}

extension RandomStencil {
  /// Rows at which to cut the chain.
  mutating func cuts(of rows: Int) -> [Int] {
    var random = random
    return (0..<Int.random(in: 0...4, using: &random)).map { _ in
      Int.random(in: 0...rows, using: &random)
    }
  }
}
