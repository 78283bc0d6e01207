import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct PDENetworkTests {
  @Test(arguments: [
    // opening 9 c + norm 2 c, block, classifier 10 (c 4 4 + 1)
    (DynamicsName.hamiltonian, 9 * 8 + 2 * 8 + 3 * 2 * (9 * 4 * 4 + 4) + 10 * (8 * 16 + 1)),
    (.parabolic, 9 * 8 + 2 * 8 + 3 * (9 * 8 * 8 + 8) + 10 * (8 * 16 + 1)),
    (.secondOrder, 9 * 8 + 2 * 8 + 3 * (9 * 8 * 8 + 8) + 10 * (8 * 16 + 1)),
  ])
  func `parameters are as many as counted by hand`(dynamics: DynamicsName, expected: Int) throws {
    let network = try PDENetwork(
      .init(
        dynamics: dynamics, integrator: dynamics == .parabolic ? .euler : .verlet,
        adjoint: .direct, channels: [8], steps: 3),
      images: [1, 8, 8], classes: 10)
    #expect(network.leaves.reduce(0) { $0 + $1.count } == expected)
  }

  @Test func `a seed fixes all weights`() throws {
    func leaves(_ seed: UInt64?) throws -> [[Double]] {
      try PDENetwork(.init(channels: [4], steps: 2), images: [1, 8, 8], classes: 10, seed: seed)
        .leaves.map(\.values)
    }
    #expect(try leaves(1) == leaves(1))
    #expect(try leaves(1) != leaves(2))
    #expect(try leaves(nil) != leaves(nil))
    // The opening has 9 c numbers too, and the four kernels of two steps follow it.
    let kernels = try leaves(1).filter { $0.count == 2 * 2 * 9 }.dropFirst()
    #expect(kernels.count == 4 && Set(kernels).count == 4)
  }

  @Test func `a second block has twice the channels on half the pixels`() throws {
    let network = try PDENetwork(
      .init(channels: [4, 8], steps: 1, stride: 2), images: [3, 24, 16], classes: 5, seed: 1)
    // 24 × 16 pixels are 12 × 8 behind the opening and 3 × 2 behind two blocks.
    #expect(network.classifier.weight.shape == [8 * 3 * 2, 5])
    #expect(network(.zeros([2, 3, 24, 16], dtype: .float32)).shape == [2, 5])
    #expect(network.leafList.paths.contains("units.0.connector.convolution.weight"))
  }

  @Test(arguments: [
    ([1, 8, 8], 0, 4), ([1, 8, 8], 4, 4), ([1, 9, 9], 1, 4), ([1, 8, 8], 1, 0), ([8, 8], 1, 4),
    ([1, 8, 8], 1, 5), ([1, 8, 8], 99, 4),
  ])
  func `impossible sizes are refused`(images: [Int], blocks: Int, channels: Int) {
    #expect(throws: NetworkError.self) {
      try PDENetwork(
        .init(
          channels: (0..<blocks).map { channels << Swift.min($0, 20) }, steps: 1),
        images: Shape(images), classes: 3)
    }
  }

  @Test(arguments: [
    SymmetricLayer.Normalization.none, .instance, .batch, .group(2), .totalVariation(.paper),
    .totalVariation(.provable),
  ])
  func `blocks are normalised as asked for`(_ normalization: SymmetricLayer.Normalization) throws {
    func network(_ normalization: SymmetricLayer.Normalization) throws -> PDENetwork {
      try PDENetwork(
        .init(channels: [4], steps: 2, normalization: normalization), images: [1, 8, 8], classes: 3,
        seed: 1, dtype: .float64)
    }
    let images = Tensor.random([3, 1, 8, 8], seed: 2)
    let logits = try network(normalization)(images)
    #expect(logits.values.allSatisfy { $0.isFinite })
    let plain = try network(.none)(images)
    #expect((plain.values == logits.values) == (normalization == .none))
  }

  @Test(arguments: [(DynamicsName.hamiltonian, 4), (.parabolic, 3), (.secondOrder, 0)])
  func `groups that do not divide the channels are refused`(
    dynamics: DynamicsName, groups: Int
  ) {
    // Hamiltonian blocks normalise halves of the channels.
    #expect(throws: NetworkError.self) {
      try PDENetwork(
        .init(
          dynamics: dynamics, integrator: dynamics == .parabolic ? .euler : .verlet,
          adjoint: .direct, channels: [4], normalization: .group(groups)),
        images: [1, 8, 8], classes: 3)
    }
  }

  @Test func `deep networks of every kind stay finite`() throws {
    for dynamics in DynamicsName.allCases {
      let network = try PDENetwork(
        .init(
          dynamics: dynamics, integrator: dynamics == .parabolic ? .euler : .verlet,
          adjoint: .direct, channels: [8], steps: 50),
        images: [1, 8, 8], classes: 10, seed: 1)
      let logits = network(.random([4, 1, 8, 8], dtype: .float32, seed: 2))
      #expect(logits.values.allSatisfy { $0.isFinite && $0.magnitude < 100 })
    }
  }
}
