import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// The plan of a function of one vector.
private func vectorPlan(
  of count: Int = 10, _ function: @escaping @Sendable (Tensor) -> Tensor
) throws -> Plan {
  try compile(function).plan(for: Tensor.random([count], seed: 1))
}

/// The plan of a function of one square matrix.
private func matrixPlan(
  of size: Int = 10, _ function: @escaping @Sendable (Tensor) -> Tensor
) throws -> Plan {
  try compile(function).plan(for: Tensor.random([size, size], seed: 1))
}

extension Plan {
  fileprivate func occurrences(of name: String) -> Int { description.ranges(of: name).count }
}

@Suite struct PlanTests {
  @Test func `what nobody uses is not computed`() throws {
    let plan = try vectorPlan { x in
      _ = matmul(exp(x), x)
      return x + 1
    }
    #expect(plan.callCount == 1)
    #expect(plan.occurrences(of: "exp") == 0 && plan.occurrences(of: "matmul") == 0)
  }

  @Test func `equal subexpressions are computed once`() throws {
    let plan = try vectorPlan { x in sin(2 * x) * sin(x * 2) + sin(2 * x) / cos(x) }
    // 2 x and x 2 are different products, and one of them occurs twice.
    #expect(plan.occurrences(of: "multiply") == 3)
    #expect(plan.occurrences(of: "sin") == 2)
    let product = try matrixPlan { x in matmul(x, x) + sum(matmul(x, x)) }
    #expect(product.occurrences(of: "matmul") == 1)
  }

  @Test func `operations that differ in an attribute are not merged`() throws {
    let plan = compile { (x: Tensor) in
      [
        sum(x, over: [0]), sum(x, over: [1]), x.slice(0..<1), x.slice(1..<2), x.to(.float32),
        .randomUniform([2], key: x[0, 0], stream: 1), .randomUniform([2], key: x[0, 0], stream: 2),
      ]
    }
    let values = try plan([[1, 2], [3, 4]]).map(\.values)
    #expect(values[..<5] == [[4, 6], [3, 7], [1, 2], [3, 4], [1, 2, 3, 4]])
    #expect(values[5] != values[6])
  }

  @Test func `element-wise operations become one call`() throws {
    let plan = try vectorPlan(of: 5000) { x in
      var y = x
      for k in 1...8 { y = sin(y * x) + Double(k) / (1 + square(y)) }
      return y
    }
    #expect(plan.callCount == 1)
    let separate = try vectorPlan(of: 5000) { x in sin(x) * cos(x) + exp(x) * tanh(x) }
    #expect(separate.callCount == 1)
    let row = Tensor.random([5000], seed: 2)
    let layer = try compile { (x: Tensor) in tanh(x * row + row[0]) }
      .plan(for: Tensor.random([3, 5000], seed: 3))
    #expect(layer.callCount == 1)
  }

  @Test func `views cost no call`() throws {
    let plan = try matrixPlan { x in
      exp(
        x.transposed.slice(1..<9).slice(1..<9, along: 1)
          .reshaped(to: [4, 16]).transposed)
    }
    // Only a reshaped part of a matrix has to be copied first.
    #expect(plan.callCount == 2)
    #expect(try matrixPlan { exp($0.transposed.slice(1..<9)) }.callCount == 1)
  }

  @Test func `a reduction ends a chain`() throws {
    let plan = try vectorPlan { x in sum(exp(x) * x) }
    #expect(plan.callCount == 2)
    #expect(plan.description.contains("exp multiply"))
  }

  @Test func `a matrix product takes transposed matrices as they are`() throws {
    let plan = try matrixPlan { x in matmul(x.transposed, x.transposed) }
    #expect(plan.callCount == 1)
    #expect(plan.occurrences(of: "ᵀ") == 2)
    let slope = try matrixPlan { x in
      gradient(at: x) { sum(square(matmul($0, $0))) }
    }
    #expect(slope.occurrences(of: "copy") == 0)
  }

  @Test func `parts are computed right where they are joined`() throws {
    let plan = try vectorPlan { x in concatenate([exp(x), sin(x), matmul(x, x).reshaped(to: [1])]) }
    #expect(plan.occurrences(of: "copy") == 0)
    #expect(plan.arenaBytes == 0)
  }

  @Test func `adding 0 and multiplying by 1 cost nothing`() throws {
    let plan = try vectorPlan { x in 1 * (0 + exp(x)) + 0 }
    #expect(plan.callCount == 1)
    #expect(plan.occurrences(of: "add") == 0 && plan.occurrences(of: "multiply") == 0)
  }

  @Test func `buffers are used again as soon as nobody needs them`() throws {
    let plan = try matrixPlan(of: 8) { x in
      var y = x
      for _ in 0..<50 { y = matmul(y, x) }
      return y
    }
    #expect(plan.callCount == 50)
    #expect(plan.arenaBytes == 2 * 8 * 8 * 8)
    #expect(plan.peakBytes == 3 * 8 * 8 * 8)
  }

  @Test func `values that are needed later keep their buffers`() throws {
    @Sendable func palindrome(_ x: Tensor) -> Tensor {
      var powers = [x]
      for power in 0..<10 { powers.append(0.5 * matmul(powers[power], x)) }
      return powers.reversed().reduce(x) { 0.5 * matmul($0, $1) }
    }
    let chain = compile { (x: Tensor) in palindrome(x) }
    let x = Tensor.random([20, 20], seed: 4)
    #expect(try chain(x).values == palindrome(x).values)
    #expect(try chain.plan(for: x).arenaBytes >= 10 * 20 * 20 * 8)
  }

  @Test func `more operands than a chain holds become several chains`() throws {
    let inputs = (0..<400).map { Tensor.random([7], seed: UInt64($0)) }
    let total = compile { (x: [Tensor]) in x.dropFirst().reduce(x[0]) { sin($0) + $1 } }
    let expected = inputs.dropFirst().reduce(inputs[0]) { sin($0) + $1 }
    #expect(try total(inputs).values == expected.values)
    #expect(try total.plan(for: inputs).callCount > 1)
  }

  @Test func `evaluations are counted after merging and in loops`() throws {
    let twice = try vectorPlan { x in
      countingEvaluation(sin(x)) + countingEvaluation(sin(x)) + countingEvaluation(cos(x))
    }
    #expect(twice.evaluations == 2)
    let loop = try vectorPlan { x in
      Loop.record(from: [x], over: [], count: 5) { carry, _ in
        ([countingEvaluation(sin(carry[0])) + countingEvaluation(cos(carry[0]))], [])
      }.final[0]
    }
    #expect(loop.evaluations == 10)
  }

  @Test func `a plan says what it does`() throws {
    let plan = try vectorPlan { x in sum(exp(x)) }
    let lines = plan.description.split(separator: "\n")
    #expect(lines[0] == "plan: 1 inputs → 1 outputs, 2 calls, arena 128 bytes")
    #expect(lines[1] == "  0: chain float64[10]: exp")
    #expect(lines[2] == "  1: sum [1, 10, 1]")
  }

  @Test func `outputs may be inputs, constants, views and each other`() throws {
    let constant: Tensor = [5, 6]
    let function = compile { (x: Tensor) in
      let y = exp(x)
      let views = [x.slice(1..<2), y.reshaped(to: [1, 2]), x.broadcast(to: [2, 2])]
      return [x, y, y, constant] + views + [7]
    }
    let results = try function([1, 2])
    let e = exp(Tensor([1, 2])).values
    #expect(
      results.map(\.values) == [[1, 2], e, e, [5, 6], [2], e, [1, 2, 1, 2], [7]])
    #expect(results.map(\.shape) == [[2], [2], [2], [2], [1], [1, 2], [2, 2], []])
  }

  @Test func `a plan runs on several threads at once`() async throws {
    let function = compile { (x: Tensor) in
      sum(square(matmul(x, x.transposed) + sin(x)), over: [0])
    }
    let inputs = (0..<16).map { Tensor.random([30, 30], seed: UInt64($0)) }
    let expected = try inputs.map { try function($0).values }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for (input, values) in zip(inputs, expected) {
        group.addTask { try (0..<50).allSatisfy { _ in try function(input).values == values } }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }

  @Test func `a function without operations runs`() throws {
    #expect(try compile { (_: Tensor) in Tensor([1, 2]) }(3).values == [1, 2])
    #expect(try compile { (x: [Tensor]) in x }([]).isEmpty)
  }

  @Test
  func `long functions fit on the stack of a thread`() throws {
    let function = compile { (x: Tensor) in
      (0..<4_000).reduce(x) { y, _ in y * 0.5 + 1 }
    }
    let slope = try valueAndGradient(at: Tensor([0, 1])) { sum(try function($0)) }
    expectClose(slope.value, 4)
    expectClose(slope.gradient, [0, 0], absolute: 1e-15)
  }
}
