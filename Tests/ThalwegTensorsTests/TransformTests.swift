import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// A tree with a constant, a nested tree and an array.
private struct Model: TensorTree {
  struct Layer: TensorTree {
    var weight: Tensor
    var bias: Tensor?
    static let branches = Branches(\Layer.weight, \.bias)
  }

  var layers: [Layer]
  var scale: Tensor
  let offset: Tensor
  static let branches = Branches(\Model.layers, \.scale)

  func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x) { tanh(matmul($0, $1.weight) + ($1.bias ?? 0)) } * scale + offset
  }

  static let sample = Model(
    layers: [
      Layer(weight: .random([3, 4], seed: 1), bias: .random([4], seed: 2)),
      Layer(weight: .random([4, 2], seed: 3), bias: nil),
    ], scale: 1.5, offset: 0.25)
}

@Suite struct TransformTests {
  // MARK: - First derivatives

  @Test func `the gradient of a tree is a tree`() throws {
    let x = Tensor.random([5, 3], seed: 4)
    let gradient = gradient(at: Model.sample) { mean(square($0(x))) }
    #expect(
      gradient.leafList.paths == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "scale",
      ])
    #expect(gradient.leaves.map(\.shape) == Model.sample.leaves.map(\.shape))
    #expect(gradient.offset.values == [0.25])
    try expectDerivatives(of: { mean(square($0(x))) }, at: Model.sample)
  }

  @Test func `value and gradient are those of the closed form`() throws {
    let x: Tensor = [1, -2, 3]
    let (value, gradient) = try valueAndGradient(at: x) { sum($0 * $0 * $0) }
    #expect(value.scalar == 20)
    #expect(gradient.values == [3, 12, 27])
  }

  @Test func `what a function does not use has gradient zero`() {
    let gradients = gradient(at: [Tensor([1, 2]), Tensor(3)]) { _ in Tensor(5) }
    #expect(gradients.map(\.values) == [[0, 0], [0]])
    #expect(gradient(at: [Tensor([1, 2]), Tensor(3)]) { $0[1] }.map(\.values) == [[0, 0], [1]])
  }

  @Test func `a tensor that is used twice gets both parts`() {
    #expect(gradient(at: Tensor(3)) { x in x * x * x }.scalar == 27)
    #expect(gradient(at: Tensor([1, 2])) { x in sum(concatenate([x, 2 * x])) }.values == [3, 3])
  }

  @Test func `jvp and vjp are products with the Jacobian`() throws {
    // f(x, y) = (x y, x + y²) has the Jacobian [[y, x], [1, 2 y]].
    let f = { (x: [Tensor]) in [x[0] * x[1], x[0] + square(x[1])] }
    let at: [Tensor] = [2, 3]
    let forward = jvp(at: at, along: [5, 7], f)
    #expect(forward.value.map(\.scalar) == [6, 11])
    #expect(forward.derivative.map(\.scalar) == [29, 47])
    let backward = vjp(at: at, from: [5, 7], f)
    #expect(backward.value.map(\.scalar) == [6, 11])
    #expect(backward.cotangent.map(\.scalar) == [22, 52])
  }

  @Test func `divergence by jvp is the trace of the Jacobian`() {
    // vᵢ = sin(xᵢ) + a xᵢ₊₁ xᵢ has the diagonal cos(xᵢ) + a xᵢ₊₁.
    let x = Tensor.random([4], seed: 5)
    func field(_ x: Tensor) -> Tensor { sin(x) + 0.5 * x.gathered(at: [1, 2, 3, 0]) * x }
    let divergence = (0..<4).reduce(0.0) { total, i in
      let direction = Tensor((0..<4).map { $0 == i ? 1 : 0 })
      return total + jvp(at: x, along: direction, field).derivative.values[i]
    }
    let expected = x.values.indices.map { cos(x.values[$0]) + 0.5 * x.values[($0 + 1) % 4] }
    expectClose(divergence, expected.reduce(0, +))
  }

  // MARK: - Nesting

  @Test func `the gradient of a gradient is the second derivative`() {
    let second = gradient(at: Tensor(0.7)) { x in gradient(at: x) { sin($0) * $0 } }
    expectClose(second.scalar, 2 * cos(0.7) - 0.7 * sin(0.7))
    let third = gradient(at: Tensor(0.7)) { x in
      gradient(at: x) { x in gradient(at: x) { exp(2 * $0) } }
    }
    expectClose(third.scalar, 8 * exp(1.4))
  }

  @Test func `a Hessian-vector product is that of the closed form`() throws {
    // f = (xᵀA x)² / 2 has the gradient q S x, S = A + Aᵀ, and the Hessian S x xᵀS + q S.
    let a = Tensor.random([4, 4], seed: 6)
    let (x, v) = (Tensor.random([4], seed: 7), Tensor.random([4], seed: 8))
    let f = { (x: Tensor) in square(sum(x * matmul(a, x))) / 2 }
    let s = a + a.transposed
    let q = sum(x * matmul(a, x))
    let expected = matmul(s, x) * sum(v * matmul(s, x)) + q * matmul(s, v)
    let overReverse = jvp(at: x, along: v) { gradient(at: $0, f) }.derivative
    expectClose(overReverse, expected)
    let reverseTwice = gradient(at: x) { sum(v * gradient(at: $0, f)) }
    expectClose(reverseTwice, expected)
    let overForward = gradient(at: x) { jvp(at: $0, along: v, f).derivative }
    expectClose(overForward, expected)
  }

  @Test func `an inner derivative does not see the outer one`() {
    // d/dx [x d/dy (x y)] = d/dx x² = 2 x, whatever y is.
    let slope = gradient(at: Tensor(3)) { x in x * gradient(at: Tensor(1)) { y in x * y } }
    #expect(slope.scalar == 6)
    let forward = jvp(at: Tensor(3), along: 1) { x in
      x * jvp(at: Tensor(1), along: 1) { y in x + y }.derivative
    }
    #expect(forward.derivative.scalar == 1)
    let mixed = jvp(at: Tensor(3), along: 1) { x in
      x * gradient(at: Tensor(1)) { y in x * y * y }
    }
    #expect(mixed.derivative.scalar == 12)
  }

  @Test func `a gradient inside a compiled function is compiled with it`() throws {
    let descend = compile { (x: Tensor, rate: Tensor) in
      x - rate * gradient(at: x) { sum(square($0)) }
    }
    #expect(try descend([1, 2], 0.25).values == [0.5, 1])
    let plan = try descend.plan(for: [1, 2], 0.25)
    #expect(plan.callCount == 1)
  }

  @Test func `a value and its gradient are the result of a compiled function`() throws {
    let differentiate = compile { (model: Model, x: Tensor) in
      try ValueAndGradient(at: model) { sum(square($0(x))) }
    }
    let x = Tensor.random([5, 3], seed: 5)
    let (value, gradient) = try valueAndGradient(at: Model.sample) { sum(square($0(x))) }
    let compiled = try differentiate(.sample, x)
    expectClose(compiled.value.scalar, value.scalar, relative: 1e-14)
    for (a, b) in zip(compiled.gradient.leaves, gradient.leaves) {
      expectClose(a, b, relative: 1e-13)
    }
    #expect(compiled.leafList.paths.prefix(2) == ["value", "gradient.layers.0.weight"])
  }

  @Test func `stopGradient cuts one path`() {
    #expect(gradient(at: Tensor(3)) { x in x * stopGradient(x) }.scalar == 3)
    #expect(jvp(at: Tensor(3), along: 2) { x in x * stopGradient(x) }.derivative.scalar == 6)
  }

  @Test func `the greatest elements share the derivative`() {
    #expect(gradient(at: Tensor([1, 3, 3])) { max($0) }.values == [0, 0.5, 0.5])
    #expect(gradient(at: [Tensor(2), Tensor(2)]) { max($0[0], $0[1]) }.map(\.scalar) == [1, 0])
    #expect(gradient(at: [Tensor(2), Tensor(2)]) { min($0[0], $0[1]) }.map(\.scalar) == [1, 0])
    #expect(gradient(at: Tensor(0)) { abs($0) }.scalar == 0)
    #expect(gradient(at: Tensor(0)) { relu($0) }.scalar == 0)
  }

  @Test func `selecting keeps the values of the other branch out`() {
    let x: Tensor = [-1, 4]
    #expect(select(x .> 0, sqrt(x), 0).values == [0, 2])
    // The argument is kept away from where the other branch has no derivative.
    let safe = gradient(at: x) { x in
      sum(select(x .> 0, sqrt(select(x .> 0, x, 1)), 0))
    }
    #expect(safe.values == [0, 0.25])
  }

  // MARK: - Precision

  @Test func `numbers in the source adopt the precision of tensors`() throws {
    let x = Tensor([1, 2] as [Float])
    let results = [
      2 * x, x + 1, x / [3, 4], pow(x, 2), max(x, 1.5), select(x .> 1, x, 0), matmul(x, [1, 1]),
      concatenate([x, [5]]), x - Tensor(2) * 3, exp(2) * x, [x[0], 7],
    ]
    #expect(results.allSatisfy { $0.dtype == .float32 })
    #expect(gradient(at: x) { sum(2 * square($0)) }.dtype == .float32)
    #expect(try compile { (x: Tensor, a: Tensor) in a * x }(x, 3).dtype == .float32)
    #expect(gradient(at: [x, 3]) { sum($0[0] * $0[1]) }.map(\.dtype) == [.float32, .float32])
    #expect((2 * Tensor(3)).dtype == .float64)
  }

  @Test func `conversion passes derivatives in the precision of its input`() {
    let x = Tensor([1, 2] as [Float])
    let slope = gradient(at: x) { sum(square($0.to(.float64))) }
    #expect(slope.dtype == .float32)
    #expect(slope.values == [2, 4])
    let rate = jvp(at: x, along: x) { square($0).to(.float64) }.derivative
    #expect(rate.dtype == .float64)
    #expect(rate.values == [2, 8])
  }

  // MARK: - Compilation

  @Test func `a function is traced once for each combination of shapes`() throws {
    let traces = TraceCount()
    let function = compile { (x: Tensor) in
      traces.increase()
      return x + 1
    }
    for x: Tensor in [[1, 2], [3, 4], [1, 2, 3], [5, 6], 1] { _ = try function(x) }
    #expect(traces.value == 3)
    _ = try function(Tensor([1, 2] as [Float]))
    #expect(traces.value == 4)
    _ = try compile { (x: Tensor) in try function(x) }([1, 2])
    #expect(traces.value == 5)
  }

  @Test func `a compiled function tells trees of different structure apart`() throws {
    let function = compile { (x: [Tensor], y: [Tensor]) in
      x.reduce(0, +) - y.reduce(0, +)
    }
    #expect(try function([1, 2], [4]).scalar == -1)
    #expect(try function([1], [2, 4]).scalar == -5)
  }

  @Test func `a function that throws while it is traced throws`() {
    struct Refusal: Error {}
    let function = compile { (_: Tensor) -> Tensor in throw Refusal() }
    #expect(throws: Refusal.self) { try function(1) }
    #expect(throws: Refusal.self) { try valueAndGradient(at: Tensor(1)) { try function($0) } }
  }

  @Test func `several arguments and results keep their order`() throws {
    let function = compile { (x: Tensor, model: Model, y: [Tensor]) in
      [model(x), y[1] - y[0]]
    }
    let (x, model) = (Tensor.random([2, 3], seed: 9), Model.sample)
    let results = try function(x, model, [1, 5])
    expectClose(results[0], model(x))
    #expect(results[1].scalar == 4)
  }
}
