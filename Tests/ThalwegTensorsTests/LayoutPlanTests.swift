import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// What plans convert, and where.
@Suite struct LayoutPlanTests {
  private static let images = Tensor.random([8, 32, 16, 16], dtype: .float32, seed: 1)
  private static let filters = Tensor.random([32, 32, 3, 3], dtype: .float32, seed: 2)

  private func plan(
    _ layout: PlanLayout = .automatic, _ x: Tensor = images, _ w: Tensor = filters,
    _ function: @escaping @Sendable (Tensor, Tensor) throws -> [Tensor]
  ) throws -> Plan {
    try PlanLayout.$current.withValue(layout) { try compile(function).plan(for: x, w) }
  }

  @Test func `a region of convolutions is converted at its edges`() throws {
    let plan = try plan { x, w in
      var y = x
      for _ in 0..<4 { y = tanh(convolution(y, w)) + y }
      return [y]
    }
    #expect(plan.calls("block ") == 1 && plan.calls("unblock ") == 1)
    #expect(plan.calls("blocked convolution") == 4 && plan.calls("convolution") == 0)
    // Sums of what was computed need no conversion back.
    let loss = try self.plan { x, w in [sum(square(convolution(x, w)))] }
    #expect(loss.calls("block ") == 1 && loss.calls("unblock ") == 0)
  }

  @Test func `normalisation and biases stay within the region`() throws {
    let plan = try plan { x, w in
      let z = convolution(x, w)
      let centred = z - mean(z, over: [2, 3], keepingAxes: true)
      let y = centred / sqrt(mean(square(centred), over: [2, 3], keepingAxes: true) + 1e-5)
      let bias = w.slice(0..<1).reshaped(to: [32, 9]).slice(0..<1, along: 1)
      return [convolution(relu(y + bias.reshaped(to: [32, 1, 1])), w)]
    }
    #expect(plan.calls("block ") == 1 && plan.calls("unblock ") == 1)
  }

  @Test func `a loop carries its state in blocks`() throws {
    let plan = try plan { x, w in
      [
        Loop.record(from: [x], over: [], count: 5) { state, _ in
          ([state[0] - 0.1 * transposedConvolution(relu(convolution(state[0], w)), w)], [])
        }.final[0]
      ]
    }
    #expect(plan.calls("block ", inside: true) == 0 && plan.calls("unblock ", inside: true) == 0)
    #expect(plan.calls("block ") == 1 && plan.calls("unblock ") == 1)
    #expect(plan.calls("blocked convolution", inside: true) == 2)
  }

  @Test func `the tape of a loop is read in blocks`() throws {
    let plan = try plan { x, w in
      gradient(at: [x, w]) { leaves in
        sum(
          square(
            Loop.record(from: [leaves[0]], over: [], count: 5) { state, _ in
              ([state[0] + tanh(convolution(state[0], leaves[1]))], [])
            }.final[0]))
      }
    }
    #expect(plan.calls("block ", inside: true) == 0 && plan.calls("unblock ", inside: true) == 0)
    #expect(plan.calls("block ") == 1 && plan.calls("unblock ") == 1)
    // Forth, and back: once more, transposed, and for the filters.
    #expect(plan.calls("blocked convolution", inside: true) == 4)
  }

  @Test func `what needs no convolution is not converted`() throws {
    let plan = try plan { x, w in [exp(x) + 1, sum(convolution(x, w)), x.transposed] }
    #expect(plan.calls("block ") == 1 && plan.calls("unblock ") == 0)
    #expect(plan.description.contains("chain float32[8, 32, 16, 16]: exp add"))
  }

  @Test func `plans without convolutions are the same in every layout`() throws {
    for layout in PlanLayout.allCases {
      let plan = try plan(layout) { x, w in [tanh(x) * mean(w), sum(x, over: [2, 3])] }
      let expected = try self.plan(.plain) { x, w in [tanh(x) * mean(w), sum(x, over: [2, 3])] }
      #expect(plan.description == expected.description)
    }
  }

  @Test func `what blocks would only waste keeps the order of its axes`() throws {
    let (x, w) = (Tensor.random([1, 2, 4, 4], seed: 1), Tensor.random([2, 2, 3, 3], seed: 2))
    #expect(try plan(.automatic, x, w) { [convolution($0, $1)] }.calls("block ") == 0)
    #expect(try plan(.blocked, x, w) { [convolution($0, $1)] }.calls("block ") == 1)
    #expect(try plan { [convolution($0, $1, stride: 2)] }.calls("block ") == 0)
    #expect(try plan(.plain) { [convolution($0, $1)] }.calls("block ") == 0)
  }

  @Test func `factors join the chain behind a convolution`() throws {
    let function = { @Sendable (x: Tensor, w: Tensor) in
      let y = convolution(x, w)
      return [tanh(convolution(-(0.3 * y), w)), sum(-y, over: [2, 3])]
    }
    let plan = try plan { function($0, $1) }
    #expect(plan.description.contains("multiply negate tanh"))
    #expect(plan.calls("chain float32[8, 2, 16, 16, 16]") == 1)
    let results = try [PlanLayout.plain, .blocked].map { layout in
      try PlanLayout.$current.withValue(layout) {
        try compile(function)(Self.images, Self.filters)
      }
    }
    for (actual, expected) in zip(results[1], results[0]) {
      expectClose(actual, expected, relative: 1e-4)
    }
  }

  @Test func `a strided convolution between others is converted around`() throws {
    let plan = try plan { x, w in
      [convolution(convolution(convolution(x, w), w, stride: 2), w)]
    }
    #expect(plan.calls("block ") == 2 && plan.calls("unblock ") == 2)
  }
}

extension Plan {
  /// The calls whose lines begin with a name, inside of loops or everywhere.
  fileprivate func calls(_ name: String, inside: Bool = false) -> Int {
    var isLoop = false
    return description.split(separator: "\n").count { line in
      let text = line.drop { $0 == " " || $0.isNumber || $0 == ":" }
      // The lines of a loop or of a region are indented further than its own.
      if !line.hasPrefix("       ") { isLoop = line.contains("loop ×") }
      return text.hasPrefix(name) && (isLoop || !inside)
    }
  }
}
