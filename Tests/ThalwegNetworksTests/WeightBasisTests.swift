import Foundation
import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// Weights that are functions of time.
@Suite struct WeightBasisTests {
  private let images = Tensor.random([2, 2, 4, 4], seed: 4)

  private func block(
    _ dynamics: DynamicsName, _ integrator: IntegratorName, _ weights: WeightBasis,
    steps: Int = 4, adjoint: AdjointName = .direct
  ) throws -> PDEBlock {
    var seed: UInt64 = 0
    return try PDEBlock(
      dynamics, channels: 2, steps: steps, span: 2, integrator: integrator, adjoint: adjoint,
      weights: weights
    ) { channels in
      seed += 1
      return SymmetricLayer(channels, activation: .tanh, seed: seed, dtype: .float64)
    }
  }

  @Test(arguments: ["steps", "linear:2", "legendre:4", "cosine:1"])
  func `names are read and written`(_ name: String) {
    #expect(WeightBasis(name)?.description == name)
  }

  @Test(arguments: ["", "steps:2", "linear", "linear:1", "cosine:0", "legendre:x", "spline:3", ":"])
  func `what is no basis is not read`(_ name: String) { #expect(WeightBasis(name) == nil) }

  @Test func `functions have the values of their definitions`() throws {
    // A scalar weight for each function, one at a time 1.
    func value(_ basis: WeightBasis, _ index: Int, of count: Int, at t: Double) -> Double {
      let fields = (0..<count).map { i in
        ParabolicDynamics(
          SymmetricLayer(1, bias: false, seed: 1, dtype: .float64).replacingLeaves(
            with: [Tensor(repeating: i == index ? 1 : 0, shape: [1, 1, 3, 3], dtype: .float64)]))
      }
      return Varying(fields, by: basis, over: 1...3).field(at: Tensor(t)).layer.kernel.values[0]
    }
    for t in [1, 1.3, 2, 2.75, 3.0] {
      let x = (t - 1) / 2
      let s = 2 * x - 1
      let legendre = [1, s, (3 * s * s - 1) / 2, (5 * s * s * s - 3 * s) / 2]
      for index in 0..<4 {
        expectClose(
          value(.legendre(4), index, of: 4, at: t), legendre[index], relative: 1e-14,
          absolute: 1e-15)
        expectClose(
          value(.cosine(4), index, of: 4, at: t), Foundation.cos(Double(index) * .pi * x),
          absolute: 1e-15)
        let hat = Swift.max(0, 1 - (3 * x - Double(index)).magnitude)
        expectClose(value(.linear(4), index, of: 4, at: t), hat, absolute: 1e-15)
      }
    }
  }

  @Test(arguments: [
    (DynamicsName.parabolic, IntegratorName.euler), (.hamiltonian, .symplecticEuler),
    (.secondOrder, .leapfrog),
  ])
  func `nodes at the steps are weights of the steps`(
    dynamics: DynamicsName, integrator: IntegratorName
  ) throws {
    let steps = try block(dynamics, integrator, .steps)
    let linear = try block(dynamics, integrator, .linear(5))
    // The last node lies at the end, where these methods evaluate nothing.
    #expect(linear.leaves.count == steps.leaves.count / 4 * 5)
    #expect(
      Array(linear.leaves.map(\.values).prefix(steps.leaves.count)) == steps.leaves.map(\.values))
    if dynamics == .hamiltonian { return }
    expectClose(linear(images), steps(images))
  }

  @Test(arguments: DynamicsName.allCases)
  func `modes other than the first begin as 0`(_ dynamics: DynamicsName) throws {
    let method = dynamics.publishedIntegrator
    let one = try block(dynamics, method, .cosine(1))
    let three = try block(dynamics, method, .cosine(3))
    expectClose(three(images), one(images))
    #expect(three.leaves.count == 3 * one.leaves.count)
  }

  @Test(arguments: DynamicsName.allCases)
  func `every adjoint gives the gradient of the direct one`(_ dynamics: DynamicsName) throws {
    for weights in [WeightBasis.linear(3), .legendre(2)] {
      func gradient(_ adjoint: AdjointName) throws -> [Tensor] {
        let method: IntegratorName = dynamics == .parabolic ? .reversibleHeun : .verlet
        let block = try block(dynamics, method, weights, adjoint: adjoint)
        return try valueAndGradient(at: block) { sum(square($0(images))) }.gradient.leaves
      }
      let expected = try gradient(.direct)
      #expect(expected.allSatisfy { $0.values.contains { $0 != 0 } })
      for adjoint in [AdjointName.reversible, .checkpointed(budget: 1)] {
        for (a, b) in zip(try gradient(adjoint), expected) { expectClose(a, b, relative: 1e-9) }
      }
    }
  }

  @Test func `methods of higher order see the weights within a step`() throws {
    func distance(_ steps: Int) throws -> Double {
      let exact = try block(.parabolic, .rk4, .legendre(2), steps: 256)
      let random = { (block: PDEBlock) in
        var generator = SplitMix64(seed: 5)
        return block.randomized(using: &generator).mapLeaves { 0.3 * $0 }
      }
      return relativeError(
        random(try block(.parabolic, .rk4, .legendre(2), steps: steps))(images),
        random(exact)(images))
    }
    let ratio = try distance(8) / distance(16)
    // Of order 4, which weights that were constant in a step would spoil.
    #expect((12...20).contains(ratio), "\(ratio)")
  }

  @Test func `statistics of batches do not vary in time`() throws {
    #expect(throws: NetworkError.self) {
      try PDENetwork(
        .init(channels: [4], weights: .linear(2), normalization: .batch), images: [1, 4, 4],
        classes: 2)
    }
    for weights in [WeightBasis.linear(1), .cosine(0)] {
      #expect(throws: NetworkError.self) { try block(.parabolic, .euler, weights) }
    }
  }
}
