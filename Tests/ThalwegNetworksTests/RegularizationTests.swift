import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct RegularizationTests {
  private func network(
    _ dynamics: DynamicsName, weights: WeightBasis = .steps, seed: UInt64 = 1
  ) throws -> PDENetwork {
    var configuration = PDENetwork.Configuration.paper(dynamics, channels: [2, 4], features: 3)
    configuration.span = 1.5
    configuration.weights = weights
    let network = try PDENetwork(
      configuration, images: [1, 4, 4], classes: 3, seed: seed, dtype: .float64)
    var random = SplitMix64(seed: seed)
    return network.randomized(using: &random)
  }

  private let all = Regularization(smoothness: 0.3, decay: 0.2, classifierDecay: 0.1)

  @Test(arguments: DynamicsName.allCases, [1e-3, nil])
  func `the penalty is the sum of its definition`(
    dynamics: DynamicsName, smoothing: Double?
  ) throws {
    let network = try network(dynamics)
    var regularization = all
    if smoothing == nil { regularization.roughness = .quadratic }
    let list = network.leafList
    let leaves = Dictionary(uniqueKeysWithValues: zip(list.paths, list.tensors.map(\.values)))
    var expected = 0.0
    for (path, values) in leaves {
      let squares = values.reduce(0) { $0 + $1 * $1 }
      if path.hasPrefix("classifier") { expected += 0.05 * squares }
      if path.hasSuffix("convolution.weight") { expected += 0.1 * squares }
      if path.hasSuffix("kernel") { expected += 0.1 * 0.5 * squares }
      for step in 0..<2 where path.contains("stages.\(step).") {
        let next = try #require(
          leaves[path.replacing("stages.\(step).", with: "stages.\(step + 1).")])
        for (a, b) in zip(values, next) {
          let rate = (b - a) / 0.5
          let φ = smoothing.map { (rate * rate + $0).squareRoot() } ?? rate * rate / 2
          expected += 0.3 * 0.5 * φ
        }
      }
    }
    expectClose(network.penalty(regularization).scalar, expected)
  }

  @Test(arguments: [WeightBasis.steps, .linear(3), .legendre(3), .cosine(2)])
  func `its gradient is that of the values`(_ weights: WeightBasis) throws {
    for roughness in [Regularization.Roughness.quadratic, .totalVariation(smoothing: 1e-3)] {
      let network = try network(.hamiltonian, weights: weights)
      var regularization = all
      regularization.roughness = roughness
      try expectDerivatives(
        of: { network.replacingLeaves(with: $0).penalty(regularization) }, at: network.leaves,
        directions: 2, step: 1e-4, relative: 1e-7)
    }
  }

  @Test func `weights that do not change cost nothing but the smoothing`() throws {
    let network = try PDENetwork(
      .paper(.parabolic, channels: [2], features: 3), images: [1, 4, 4], classes: 3, seed: 1,
      dtype: .float64)
    let smooth = Regularization(smoothness: 1)
    // 2 differences of 36 filters, 2 scales and 2 biases each.
    expectClose(network.penalty(smooth).scalar, 2 * 40 * 1e-3.squareRoot())
    expectClose(
      network.penalty(Regularization(smoothness: 1, roughness: .quadratic)).scalar, 0)
    #expect(network.penalty(Regularization()).scalar == 0 && Regularization().isNone)
  }

  @Test func `the box cuts off what is beyond it`() throws {
    let network = try network(.parabolic).mapLeaves { 3 * $0 }
    let clamped = network.clamped(to: 1)
    for (before, after) in zip(network.leaves, clamped.leaves) {
      #expect(after.values == before.values.map { Swift.min(Swift.max($0, -1), 1) })
    }
    #expect(clamped.leaves.contains { $0.values.contains(1) })
  }
}
