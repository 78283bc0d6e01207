import Foundation
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// Training of a filter on small patches of images, to which noise is added anew each time.
struct DenoisingTraining {
  /// Grey images `[height, width]`.
  let images: [Tensor]
  let updates: Int
  let batch: Int
  let side: Int
  let seed: UInt64
  let learningRate: Double

  /// So many updates from one projection of the filters to the next.
  private static let projectionInterval = 5

  /// The network after all updates, and the mean squared error of each.
  func trained(
    _ start: DenoisingNetwork, noise: Double, progress: (Int) -> Void
  ) throws -> (network: DenoisingNetwork, losses: [Double]) {
    let step = compile { (network: DenoisingNetwork, clean: Tensor, key: Tensor) in
      let noisy =
        clean + Tensor(noise) * .randomNormal(clean.shape, key: key, dtype: .float32)
      let (loss, gradient) = try valueAndGradient(at: network) { network in
        mean(square(network.centered(noisy) - clean))
      }
      return [loss] + gradient.leaves
    }
    var (network, losses) = (start, [Double]())
    var optimizer = Adam(learningRate: learningRate)
    var random = RandomSequence(seed: seed, purpose: 1)
    let patches = images.map { ($0.shape[0], $0.shape[1], $0.floats) }
    for update in 0..<updates {
      progress(update)
      // From the full rate down to a hundredth of it.
      let turn = 0.5 * (1 + cos(Double.pi * Double(update) / Double(updates)))
      optimizer.learningRate = learningRate * (0.01 + 0.99 * turn)
      let clean = batch(of: patches, &random)
      let key = Tensor([Double(update) + 1], shape: [])
      let results = try step(network, clean, key)
      losses.append(results[0].scalar)
      let gradient = network.replacingLeaves(with: Array(results.dropFirst()))
      optimizer.update(&network, along: gradient)
      if update % Self.projectionInterval == Self.projectionInterval - 1 {
        network = try network.centered.projected(on: [side, side])
      }
    }
    return (try network.centered.projected(on: [2 * side, 2 * side]), losses)
  }

  /// Random patches, some of them mirrored or turned.
  private func batch(
    of images: [(height: Int, width: Int, values: [Float])], _ random: inout RandomSequence
  ) -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(batch * side * side)
    for _ in 0..<batch {
      let image = images[Int.random(in: 0..<images.count, using: &random)]
      let top = Int.random(in: 0...image.height - side, using: &random)
      let left = Int.random(in: 0...image.width - side, using: &random)
      let (isTurned, isMirrored) = (Bool.random(using: &random), Bool.random(using: &random))
      for i in 0..<side {
        for j in 0..<side {
          let (a, b) = isTurned ? (j, i) : (i, j)
          values.append(
            image.values[(top + a) * image.width + left + (isMirrored ? side - 1 - b : b)])
        }
      }
    }
    return Tensor(values, shape: [batch, 1, side, side])
  }
}
