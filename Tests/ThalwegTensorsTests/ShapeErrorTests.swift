import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors

/// Whether the program that an exit test ran ended with a text on its standard error.
private func expectMessage(
  _ text: String, from result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(output.contains(text), "\(output)", sourceLocation: sourceLocation)
}

/// Mistakes stop the program with the operation and both shapes, in release builds too.
@Suite struct ShapeErrorTests {
  @Test func `matmul names both shapes`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = matmul(.zeros([2, 3]), .zeros([4, 5])) }
    expectMessage("matmul: inner sizes differ: [2, 3] × [4, 5]", from: result)
    let batches = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = matmul(.zeros([6, 2, 3]), .zeros([4, 3, 5])) }
    expectMessage("matmul: batches differ: [6, 2, 3] × [4, 3, 5]", from: batches)
    let scalar = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = matmul(.zeros([]), .zeros([4])) }
    expectMessage("matmul: a scalar is no matrix: [] × [4]", from: scalar)
  }

  @Test func `element-wise operations name both shapes`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]) + .zeros([4]) }
    expectMessage("add: shapes [2, 3] and [4] do not broadcast", from: result)
    let choice = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = select(.zeros([2]), .zeros([3]), 1) }
    expectMessage("select: shapes [2] and [3] do not broadcast", from: choice)
  }

  @Test func `tensors of different precision name a cure`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2], dtype: .float32) * .zeros([3]) }
    expectMessage(
      "multiply: float32[2] meets float64[3]; convert one with to(.float32)", from: result)
    let parts = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = concatenate([.zeros([2], dtype: .float32), .zeros([3])]) }
    expectMessage("concatenate: float32[2] meets float64[3]", from: parts)
    let literal = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = [Tensor.zeros([2], dtype: .float32), .zeros([2])] as Tensor }
    expectMessage("array literal: float32[2] meets float64[2]", from: literal)
  }

  @Test func `reshape and broadcast name both shapes`() async {
    let reshaped = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).reshaped(to: [4]) }
    expectMessage("reshape: shape [2, 3] has not as many elements as [4]", from: reshaped)
    let broadcast = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).broadcast(to: [2, 4]) }
    expectMessage("broadcast: shape [2, 3] does not broadcast to [2, 4]", from: broadcast)
  }

  @Test func `concatenate names both types and the axis`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = concatenate([.zeros([2, 3]), .zeros([2, 4])], along: 0) }
    expectMessage(
      "concatenate: float64[2, 3] and float64[2, 4] differ off axis 0", from: result)
  }

  @Test func `slices and axes outside of a shape are named`() async {
    let slice = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).slice(1..<5, along: 1) }
    expectMessage("is not within shape [2, 3]", from: slice)
    let index = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3])[2] }
    expectMessage("subscript: index 2 of axis 0 is outside shape [2, 3]", from: index)
    let axis = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = sum(.zeros([2, 3]), over: [2]) }
    expectMessage("sum: no axis 2 in shape [2, 3]", from: axis)
    let pad = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).padded(before: -1, after: 1, along: 0) }
    expectMessage("pad: widths [-1, 0] and [1, 0] for shape [2, 3] are negative", from: pad)
  }

  @Test func `transpose names order and shape`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).transposed([0, 0]) }
    expectMessage("transpose: [0, 0] is no order of the axes of shape [2, 3]", from: result)
  }

  @Test func `convolution names images, filters and groups`() async {
    let channels = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = convolution(.zeros([1, 3, 8, 8]), .zeros([4, 2, 3, 3])) }
    expectMessage(
      "convolution: images [1, 3, 8, 8] and filters [4, 2, 3, 3] in 1 groups", from: channels)
    let size = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = convolution(.zeros([1, 3, 2, 2]), .zeros([4, 3, 3, 3]), padding: 0) }
    expectMessage(
      "convolution: filters [4, 3, 3, 3] are larger than padded images [1, 3, 2, 2]", from: size)
    let pool = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = averagePool(.zeros([1, 3, 5, 4]), size: 2) }
    expectMessage("averagePool: windows of 2 do not tile shape [1, 3, 5, 4]", from: pool)
  }

  @Test func `gather wants a vector of indices`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([4, 3]).gathered(at: .zeros([2, 2])) }
    expectMessage(
      "gather: indices must be a vector of float64, not float64[2, 2]", from: result)
  }

  @Test func `a key must be one number`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.randomNormal([4], key: [1, 2]) }
    expectMessage("randomNormal: a key of shape [2] is no number", from: result)
  }

  @Test func `a component must be within its axis`() async {
    let beyond = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([4, 2]).component(2) }
    expectMessage("component: index 2 of axis 1 is outside shape [4, 2]", from: beyond)
    let none = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor(1).component(0) }
    expectMessage("component: no axis -1 in shape []", from: none)
  }

  // MARK: - Values and transformations

  @Test func `a traced tensor has no value`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = gradient(at: Tensor(1)) { $0.scalar > 0 ? $0 : -$0 } }
    expectMessage(
      "a tensor has no value while its function is traced: in place of `if`, use select, max or relu",
      from: result)
  }

  @Test func `a traced tensor cannot leave its trace`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var leaked = Tensor(0)
      _ = gradient(at: Tensor(1)) { x in
        leaked = x
        return x
      }
      _ = try compile { [leaked] (x: Tensor) in x + leaked }(1)
    }
    expectMessage(
      "plan: a traced tensor of float64[] is used outside of its trace", from: result)
  }

  @Test func `a gradient is that of a scalar`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = gradient(at: Tensor([1, 2])) { 2 * $0 } }
    expectMessage("gradient: the function returns shape [2], not a scalar", from: result)
  }

  @Test func `directions have the shapes of what they are directions of`() async {
    let forward = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = jvp(at: Tensor([1, 2]), along: [1, 2, 3]) { $0 } }
    expectMessage("jvp: directions [[3]] for shapes [[2]]", from: forward)
    let backward = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = vjp(at: Tensor([1, 2]), from: 1) { $0 } }
    expectMessage("vjp: directions [[]] for shapes [[2]]", from: backward)
  }

  @Test func `numbers must fill their shape`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor([1, 2, 3], shape: [2, 2]) }
    expectMessage("tensor: 3 numbers do not fill shape [2, 2]", from: result)
    let scalar = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor([1, 2]).scalar }
    expectMessage("scalar: shape [2] has 2 elements", from: scalar)
  }

  @Test func `a plan wants the types that it was made for`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let plan = try compile { (x: Tensor) in 2 * x }.plan(for: .zeros([3]))
      _ = try plan.run([.zeros([3], dtype: .float32)])
    }
    expectMessage("plan: an argument is float32[3], not float64[3]", from: result)
  }

  @Test func `a tree is rebuilt from as many tensors as it has`() async {
    let more = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = [Tensor(1)].replacingLeaves(with: [1, 2]) }
    expectMessage("tree: 2 tensors are more than Array<Tensor> has leaves", from: more)
    let fewer = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = [Tensor(1), Tensor(2)].replacingLeaves(with: [1]) }
    expectMessage("tree: fewer than 2 leaves given", from: fewer)
  }

  @Test func `a loop keeps the types of its state and walks over whole sequences`() async {
    let state = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Loop.record(from: [.zeros([2])], over: [], count: 3) { carry, _ in
        ([concatenate(carry + carry)], [])
      }
    }
    expectMessage(
      "loop: an iteration turns a state of float64[2] into float64[4]", from: state)
    let sequence = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Loop.record(from: [.zeros([2])], over: [.stacked(.zeros([2, 2]))], count: 3) {
        carry, element in ([carry[0] + element[0]], [])
      }
    }
    expectMessage("loop: a sequence of 2 elements for 3 iterations", from: sequence)
  }
}
