import Foundation
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// Training of a filter on patches that are spoiled anew each time.
struct DenoisingTraining {
  /// How far a network is from what it should return, for clean patches and the key of what is random.
  typealias Loss = @Sendable (_ network: DenoisingNetwork, _ clean: Tensor, _ key: Tensor) -> Tensor

  let patches: any PatchSource
  let updates: Int
  let batch: Int
  let seed: UInt64
  let learningRate: Double

  /// So many updates from one projection of the filters to the next.
  private static let projectionInterval = 5

  /// The mean squared error of what is left of noise.
  static func removing(noise: Double) -> Loss {
    { network, clean, key in
      let noisy =
        clean + Tensor(noise) * .randomNormal(clean.shape, key: key, dtype: .float32)
      return mean(square(network(noisy) - clean))
    }
  }

  /// The mean squared error of what is filled in where a share of pixels is known.
  static func filling(density: Double) -> Loss {
    { network, clean, key in
      let known = (Tensor.randomUniform(clean.shape, key: key, dtype: .float32) .< Tensor(density))
        .to(.float32)
      return mean(square(network.filled(clean, known: known) - clean))
    }
  }

  /// The network after all updates.
  func trained(
    _ start: DenoisingNetwork, _ loss: @escaping Loss, progress: (Int) -> Void
  ) throws -> DenoisingNetwork {
    let step = compile { (network: DenoisingNetwork, clean: Tensor, key: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: network) { loss($0.centered, clean, key) }
      return [loss] + gradient.leaves
    }
    var network = start
    var optimizer = Adam(learningRate: learningRate)
    var random = RandomSequence(seed: seed, purpose: 1)
    for update in 0..<updates {
      progress(update)
      // From the full rate down to a hundredth of it.
      let turn = 0.5 * (1 + cos(Double.pi * Double(update) / Double(updates)))
      optimizer.learningRate = learningRate * (0.01 + 0.99 * turn)
      let clean = patches.batch(of: batch, &random)
      let results = try step(network, clean, Tensor([Double(update) + 1], shape: []))
      let gradient = network.replacingLeaves(with: Array(results.dropFirst()))
      optimizer.update(&network, along: gradient)
      if update % Self.projectionInterval == Self.projectionInterval - 1 {
        network = try network.centered.projected(on: Shape(patches.sides))
      }
    }
    return try network.centered.projected(on: Shape(patches.sides.map { 2 * $0 }))
  }
}
