import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// Memory of a training step against the number of steps in each block.
@Suite struct NetworkMemoryTests {
  private struct Step: TensorTree {
    var loss: Tensor
    var gradient: PDENetwork
    static let branches = Branches(\Step.loss, \.gradient)
  }

  /// The bytes that a training step works in, and those of the weights.
  private func memory(
    _ dynamics: DynamicsName, _ adjoint: AdjointName, _ weights: WeightBasis, steps: Int
  ) throws -> (arena: Int, weights: Int) {
    var configuration = PDENetwork.Configuration.paper(
      dynamics, channels: [4, 6], features: 8, steps: steps)
    configuration.span = 3
    configuration.adjoint = adjoint
    configuration.weights = weights
    let network = try PDENetwork(configuration, images: [1, 16, 16], classes: 3, seed: 1)
    let images = Tensor.random([16, 1, 16, 16], dtype: .float32, seed: 2)
    let step = compile { (network: PDENetwork, images: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: network) { network in
        softmaxCrossEntropy(network(images), Tensor(repeating: 1, shape: [16], dtype: .float32))
      }
      return Step(loss: loss, gradient: gradient)
    }
    let bytes = network.leaves.reduce(0) { $0 + 4 * $1.count }
    return (try step.plan(for: network, images).arenaBytes, bytes)
  }

  @Test(arguments: [DynamicsName.hamiltonian, .secondOrder])
  func `it is flat where weights are functions of time`(_ dynamics: DynamicsName) throws {
    let bytes = try [3, 30, 300].map {
      try memory(dynamics, .reversible, .linear(3), steps: $0).arena
    }
    #expect(Double(bytes[2]) < 1.02 * Double(bytes[0]), "\(bytes)")
    #expect(Double(bytes[1]) < 1.02 * Double(bytes[0]), "\(bytes)")
    // States that are stored show.
    let stored = try memory(dynamics, .direct, .linear(3), steps: 300).arena
    #expect(stored > 10 * bytes[2], "\(stored)")
  }

  @Test(arguments: [DynamicsName.hamiltonian, .secondOrder])
  func `it grows by the weights of the steps alone where each has its own`(
    _ dynamics: DynamicsName
  ) throws {
    let all = try [3, 30, 300].map { try memory(dynamics, .reversible, .steps, steps: $0) }
    for (few, many) in zip(all, all.dropFirst()) {
      let (grown, weights) = (many.arena - few.arena, many.weights - few.weights)
      // The gradient, and the weights as the loop reads them.
      #expect(grown <= 4 * weights, "\(all)")
    }
  }
}
