import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Arrays in blocks of channels, and what is computed on them.
@Suite struct LayoutTests {
  private static let shapes: [(Shape, Int)] = [
    ([2, 3, 4, 5], 1), ([2, 16, 2, 3], 1), ([1, 17, 3, 2], 1), ([3, 40, 1, 1], 1), ([2, 9], 1),
    ([24], 0), ([2, 2, 8, 3, 2], 2), ([1, 1, 2, 2], 1),
  ]

  @Test(arguments: shapes, DType.allCases)
  func `blocks hold the channels and zeros behind them`(form: (Shape, Int), dtype: DType) {
    let (shape, axis) = form
    let x = Tensor.random(shape, dtype: dtype, seed: 1)
    let blocked = Blocked(axis: axis)(x)
    let blocks = ChannelBlocks(x.type, axis: axis)
    #expect(blocked.shape == blocks.blockedShape && blocks.lanes * dtype.size == 64)
    let (values, expected) = (blocked.values, x.values)
    var seen = 0
    for (index, value) in values.enumerated() {
      let lane = index % blocks.lanes
      let block = index / blocks.lanes / blocks.inner % blocks.count
      guard block * blocks.lanes + lane < blocks.channels else {
        #expect(value == 0)
        continue
      }
      #expect(value == expected[blocks.ordinaryIndex(of: index)])
      seen += 1
    }
    #expect(seen == x.count)
    #expect(Unblocked(axis: axis, channels: shape[axis])(blocked).values == expected)
  }

  @Test func `conversions have derivatives`() throws {
    let x = Tensor.random([2, 9, 2, 3], seed: 2)
    try expectDerivatives(of: { Blocked(axis: 1)(sin($0)) }, at: x)
    try expectDerivatives(
      of: { Unblocked(axis: 1, channels: 9)(sin($0)) }, at: .random([2, 2, 2, 3, 8], seed: 3))
  }

  /// Compiles and runs a function of tensors in a layout.
  private func results(
    _ layout: PlanLayout, at leaves: [Tensor],
    _ function: @escaping @Sendable ([Tensor]) -> [Tensor]
  ) throws -> [Tensor] {
    try PlanLayout.$current.withValue(layout) { try compile(function)(leaves) }
  }

  @Test(arguments: [1, 3, 5], [Boundary.zero, .periodic])
  func `all passes of a convolution are the same in blocks`(size: Int, boundary: Boundary) throws {
    for (channels, filters) in [(3, 16), (16, 32), (17, 3), (32, 17), (1, 9), (48, 48)] {
      for dtype in DType.allCases {
        let leaves: [Tensor] = [
          .random([3, channels, 5, 7], dtype: dtype, seed: 1),
          .random([filters, channels, size, size], dtype: dtype, seed: 2),
          .random([3, filters, 5, 7], dtype: dtype, seed: 3),
        ]
        let passes = { @Sendable (leaves: [Tensor]) in
          let (x, w, y) = (leaves[0], leaves[1], leaves[2])
          let slope = gradient(at: w) { sum(y * convolution(x, $0, boundary: boundary)) }
          return [
            convolution(x, w, boundary: boundary), slope,
            transposedConvolution(y, w, boundary: boundary),
          ]
        }
        let expected = try results(.plain, at: leaves, passes)
        for (actual, expected) in zip(try results(.blocked, at: leaves, passes), expected) {
          expectClose(
            actual, expected, relative: dtype == .float32 ? 2e-6 : 1e-14,
            "\(channels) → \(filters), \(size) × \(size), \(boundary), \(dtype)")
        }
      }
    }
  }

  /// A loop of convolutions in which 1 / y of a channel that is not there would be infinite.
  private static func reciprocals(_ y: Tensor, _ w: Tensor, watch: LoopGuard?) -> Tensor {
    Loop.record(from: [y], over: [], count: 3, watch: watch) { state, _ in
      ([convolution(1 / state[0], w) + 1], [])
    }.final[0]
  }

  @Test(arguments: [3, 8, 17])
  func `padding that is not finite neither spoils results nor stops a loop`(channels: Int) throws {
    let y = Tensor.random([2, channels, 4, 4], in: 1...2, seed: 1)
    let w = Tensor.random([channels, channels, 3, 3], in: 0...0.1, seed: 2)
    let watch = LoopGuard(count: 1) { $0 }
    let function = { @Sendable (leaves: [Tensor]) in
      [
        Self.reciprocals(leaves[0], leaves[1], watch: watch),
        sum(log(convolution(leaves[0], leaves[1])), over: [1]),
        sum(1 / convolution(leaves[0], leaves[1])),
      ]
    }
    let expected = try results(.plain, at: [y, w], function)
    for (actual, expected) in zip(try results(.blocked, at: [y, w], function), expected) {
      expectClose(actual, expected, relative: 1e-14)
    }
  }

  @Test func `a guard names the element in the order of the axes`() throws {
    let (shape, place): (Shape, Int) = ([2, 17, 3, 4], 17 * 12 + 9 * 12 + 7)
    let y = Tensor(
      (0..<shape.elementCount).map { $0 == place ? -1 : 2 }, shape: shape, dtype: .float64)
    let w = Tensor.random([17, 17, 1, 1], in: 0...0.1, seed: 1)
    let watch = LoopGuard(count: 1) { $0 }
    for layout in PlanLayout.allCases {
      let failure = #expect(throws: LoopFailure.self) {
        try results(layout, at: [y, w]) { leaves in
          [
            Loop.record(from: [leaves[0]], over: [], count: 2, watch: watch) { state, _ in
              ([log(state[0]) + 0 * convolution(state[0], leaves[1])], [])
            }.final[0]
          ]
        }
      }
      #expect(failure?.element == place && failure?.iteration == 0 && failure?.leaf == 0)
    }
  }

  // MARK: - The choice

  @Test(arguments: 1...60)
  func `a cut weighs as little as the best of all`(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let count = 2 + random.below(7)
    var cut = MinimumCut()
    let vertices = [MinimumCut.source, MinimumCut.sink] + (0..<count).map { _ in cut.vertex() }
    let edges = (0..<3 * count).map { _ in
      (random.pick(vertices), random.pick(vertices), Double(random.below(9)))
    }
    for (a, b, weight) in edges where a != b { cut.connect(a, b, weight) }
    func weight(_ side: [Bool]) -> Double {
      edges.filter { side[$0.0] && !side[$0.1] }.reduce(0) { $0 + $1.2 }
    }
    let best = (0..<1 << count).map { bits in
      weight([true, false] + (0..<count).map { bits >> $0 & 1 == 1 })
    }.min()
    #expect(weight(cut.sourceSide()) == best)
  }
}
