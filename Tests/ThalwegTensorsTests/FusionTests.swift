import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Where element-wise operations on large tensors are computed.
@Suite struct FusionTests {
  private let x = Tensor.random([70, 80], seed: 1)
  private let w = Tensor.random([80, 80], seed: 2)

  private func lines(of plan: Plan, with name: String) -> [Substring] {
    plan.description.split(separator: "\n").filter { $0.contains(name) }
  }

  @Test func `what only a later chain reads is computed there`() throws {
    let function = { @Sendable (x: Tensor, w: Tensor) in
      let early = 2 * x - exp(x)
      return matmul(x, w) + early
    }
    let plan = try compile(function).plan(for: x, w)
    #expect(lines(of: plan, with: "chain").count == 1)
    #expect(try compile(function)(x, w).values == function(x, w).values)
  }

  @Test func `what is computed from the same tensors is computed twice rather than stored`() throws
  {
    let function = { @Sendable (x: Tensor, w: Tensor) in
      let centred = x - mean(x, over: [1], keepingAxes: true)
      return centred / sqrt(mean(square(centred), over: [1], keepingAxes: true))
    }
    let plan = try compile(function).plan(for: x, w)
    #expect(lines(of: plan, with: "subtract").count == 2)
    #expect(try compile(function)(x, w).values == function(x, w).values)
  }

  @Test func `what takes long is computed once`() throws {
    let function = { @Sendable (x: Tensor, w: Tensor) in
      let y = tanh(x)
      return [matmul(y, w) + y, y]
    }
    let plan = try compile(function).plan(for: x, w)
    #expect(lines(of: plan, with: "tanh").count == 1)
  }

  @Test func `small tensors stay where they are`() throws {
    let small = Tensor.random([8, 8], seed: 3)
    let plan = try compile { (x: Tensor, w: Tensor) in
      let early = 2 * x - exp(x)
      return sum(early) * (matmul(x, w) + early)
    }.plan(for: small, small)
    #expect(lines(of: plan, with: "subtract").count == 1)
  }
}
