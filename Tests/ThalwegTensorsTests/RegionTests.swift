import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Batches cut into pieces and grains.
///
/// The number of threads belongs to the process, so that tests which change it run one by one.
@Suite(.serialized) struct RegionTests {
  private static func numbers(_ shape: Shape, _ phase: Double) -> Tensor {
    let values = (0..<shape.elementCount).map { index in
      let number = Double(index)
      return 0.5 * sin(1.7 * number + phase + 0.61 * Double(index * index % 1013))
    }
    return Tensor(values, shape: shape, dtype: .float64)
  }

  /// Two layers with their gradients: rows, whole operands and contractions in one plan.
  private static func network(_ x: Tensor, _ a: Tensor, _ b: Tensor) throws -> [Tensor] {
    let (loss, gradient) = try valueAndGradient(at: [a, b]) { w in
      let y = matmul(tanh(matmul(x, w[0])), w[1])
      return sum(square(y - mean(y, over: [1], keepingAxes: true)))
    }
    return [loss] + gradient
  }

  private let inputs = [
    numbers([301, 24], 0.3), numbers([24, 40], 0.9), numbers([40, 16], 1.4),
  ]

  private func results() throws -> [Tensor] {
    let step = compile { (i: [Tensor]) in try Self.network(i[0], i[1], i[2]) }
    return try step(inputs)
  }

  @Test func `results are the same for any number of threads`() throws {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let alone = try results().map(\.values)
    for count in [2, 3, 5] {
      Threads.count = count
      for _ in 0..<20 { #expect(try results().map(\.values) == alone) }
    }
  }

  @Test func `several plans run at the same time`() async throws {
    let expected = try results().map(\.values)
    try await withThrowingTaskGroup(of: [[Double]].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var last: [[Double]] = []
          for _ in 0..<20 { last = try self.results().map(\.values) }
          return last
        }
      }
      for try await result in group { #expect(result == expected) }
    }
  }

  @Test func `the parts add up to what is computed at once`() throws {
    let (x, a, b) = (inputs[0], inputs[1], inputs[2])
    let parts = try [(0, 100), (100, 101), (101, 301)].map { first, end in
      try Self.network(x.slice(first..<end), a, b)
    }
    let whole = try results()
    for index in whole.indices {
      let total = parts.dropFirst().reduce(parts[0][index]) { $0 + $1[index] }
      #expect(relativeError(whole[index], total) < 1e-13)
    }
  }

  @Test func `what only a region sees takes the memory of a grain`() throws {
    let step = compile { (x: Tensor) in
      sum(exp(-square(tanh(x) + sin(x))) * mean(x, over: [1], keepingAxes: true))
    }
    let plan = try step.plan(for: Self.numbers([256, 4096], 0.2))
    #expect(plan.description.ranges(of: "region").count == 1)
    #expect(plan.arenaBytes < 256 * 4096 * 8 / 4)
  }

  @Test func `the number of threads is at least one`() {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = -3
    #expect(Threads.count == 1)
    #expect(Threads.processors >= 1)
  }
}
