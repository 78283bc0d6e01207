import Foundation
import Testing
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

@Suite struct OptimizerTests {
  private let start = [Tensor([1.0, -2]), Tensor([0.5])]
  private let gradients: [[Tensor]] = [
    [Tensor([0.5, 1]), Tensor([-1.0])], [Tensor([0.25, -3]), Tensor([2.0])],
    [Tensor([-1.0, 0]), Tensor([0.5])],
  ]

  /// The numbers after updates along the gradients, and after each the same by a formula for one.
  private func expect(
    _ optimizer: some Optimizer, _ rule: (_ x: Double, _ gradients: [Double]) -> Double
  ) {
    var (optimizer, tree) = (optimizer, start)
    for gradient in gradients { optimizer.update(&tree, along: gradient) }
    let numbers = gradients.map { $0.flatMap(\.values) }
    let expected = start.flatMap(\.values).enumerated().map { index, x in
      rule(x, numbers.map { $0[index] })
    }
    expectClose(tree.flatMap(\.values), expected, relative: 1e-14)
  }

  @Test func `plain descent subtracts rate times gradient`() {
    expect(SGD(learningRate: 0.1)) { x, gradients in x - 0.1 * gradients.reduce(0, +) }
  }

  @Test func `a negative learning rate is refused`() async {
    let rates = await [
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SGD(learningRate: -0.1)
      },
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Adam(learningRate: .nan)
      },
      #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var optimizer = Adam(learningRate: 0)
        optimizer.learningRate = -2
      },
    ].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
    #expect(rates[0].contains("SGD: a learning rate of -0.1"), "\(rates[0])")
    #expect(rates[1].contains("Adam: a learning rate of nan"), "\(rates[1])")
    #expect(rates[2].contains("Adam: a learning rate of -2.0"), "\(rates[2])")
  }

  @Test func `momentum keeps a part of the velocity`() {
    expect(SGD(learningRate: 0.1, momentum: 0.9)) { x, g in
      // v₁ = g₁, v₂ = 0.9 g₁ + g₂, v₃ = 0.81 g₁ + 0.9 g₂ + g₃
      x - 0.1 * ((1 + 0.9 + 0.81) * g[0] + (1 + 0.9) * g[1] + g[2])
    }
  }

  @Test func `Nesterov's rule is one update ahead`() {
    expect(SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true)) { x, g in
      // Steps 0.9 v + g: 1.9 g₁, 0.81 g₁ + 1.9 g₂, 0.729 g₁ + 0.81 g₂ + 1.9 g₃
      x - 0.1 * ((1.9 + 0.81 + 0.729) * g[0] + (1.9 + 0.81) * g[1] + 1.9 * g[2])
    }
  }

  @Test func `weight decay draws to zero`() {
    expect(SGD(learningRate: 0.1, momentum: 0.5, weightDecay: 0.2)) { x, gradients in
      var (x, v) = (x, 0.0)
      for g in gradients {
        v = 0.5 * v + g + 0.2 * x
        x -= 0.1 * v
      }
      return x
    }
  }

  @Test(arguments: [0, 0.3])
  func `Adam divides corrected moments`(decay: Double) {
    let adam = Adam(
      learningRate: 0.1, firstDecay: 0.8, secondDecay: 0.95, epsilon: 1e-3, weightDecay: decay)
    expect(adam) { x, gradients in
      var (x, m, v) = (x, 0.0, 0.0)
      for (index, g) in gradients.enumerated() {
        let t = Double(index + 1)
        m = 0.8 * m + 0.2 * g
        v = 0.95 * v + 0.05 * g * g
        let step = m / (1 - pow(0.8, t)) / ((v / (1 - pow(0.95, t))).squareRoot() + 1e-3)
        x -= 0.1 * (step + decay * x)
      }
      return x
    }
  }

  @Test func `the first step of Adam is the rate against the sign`() {
    var (adam, x) = (Adam(learningRate: 0.1), Tensor([1.0, 1, 1]))
    adam.update(&x, along: Tensor([3.0, -1e-3, 1e4]))
    // The error is ε over the gradient.
    expectClose(x.values, [0.9, 1.1, 0.9], absolute: 1e-6)
  }

  @Test func `a flow is updated along its gradient`() throws {
    let field = ODE(Tensor(0.5).to(.float64)) { t, y, k in -k * y }
    var flow = Flow(field, over: 0...1, steps: 10, using: RungeKutta(.classic))
    var optimizer = SGD(learningRate: 2)
    // y(1) = exp(-k), which is 1/4 for k = log 4.
    for _ in 0..<100 {
      let (_, gradient) = try valueAndGradient(at: flow) { flow in
        square(try flow(Tensor([1.0])) - 0.25).reshaped(to: [])
      }
      optimizer.update(&flow, along: gradient)
    }
    expectClose(flow.leaves[0].scalar, Foundation.log(4.0), relative: 1e-4)
  }

  @Test func `both precisions live in one tree`() {
    var tree = [Tensor([1.0]), Tensor([Float(1)])]
    var adam = Adam(learningRate: 0.1)
    adam.update(&tree, along: [Tensor([2.0]), Tensor([Float(2)])])
    #expect(tree.map(\.dtype) == [.float64, .float32])
    expectClose(tree[1].scalar, tree[0].scalar, relative: 1e-6)
  }

  @Test func `what is remembered is a tree that can be put back`() {
    func check(_ fresh: some Optimizer) {
      var (optimizer, tree) = (fresh, start)
      optimizer.update(&tree, along: gradients[0])
      var restored = fresh
      restored.prepare(for: start)
      #expect(restored.leaves.map(\.type) == optimizer.leaves.map(\.type))
      restored = restored.replacingLeaves(with: optimizer.leaves)
      var other = tree
      optimizer.update(&tree, along: gradients[1])
      restored.update(&other, along: gradients[1])
      #expect(tree.map(\.values) == other.map(\.values))
      #expect(Set(optimizer.leafList.paths).count == optimizer.leaves.count)
    }
    check(SGD(learningRate: 0.1, momentum: 0.9))
    check(Adam(learningRate: 0.1))
  }

  @Test func `a tree of another shape is begun anew`() {
    var adam = Adam(learningRate: 0.1)
    var (small, large) = (Tensor([1.0]), Tensor([1.0, 1]))
    adam.update(&small, along: Tensor([1.0]))
    adam.update(&large, along: Tensor([1.0, 1]))
    expectClose(large.values, [0.9, 0.9], relative: 1e-7)
  }
}
