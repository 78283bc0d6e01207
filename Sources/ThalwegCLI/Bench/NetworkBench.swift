import ThalwegAdjoints
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// A training step of the published CIFAR-10 networks: loss and gradient of 125 images.
///
/// The fraction of the peak counts the multiply-adds of the network alone: one pass forward and two
/// backward. What the reversible adjoint computes again is not counted.
enum NetworkBench {
  private static let batch = 125
  private static let side = 32

  private struct Step: TensorTree {
    var loss: Tensor
    var gradient: PDENetwork
    static let branches = Branches(\Step.loss, \.gradient)
  }

  static let cases = DynamicsName.allCases.flatMap { dynamics in
    let adjoints: [AdjointName] = dynamics == .parabolic ? [.direct] : [.reversible, .direct]
    return adjoints.flatMap { adjoint in
      ConvolutionArithmetic.allCases.map { arithmetic in
        BenchCase(
          "networks", "CIFAR-10 \(dynamics.rawValue)", "\(adjoint) \(arithmetic.rawValue)"
        ) { example, settings in
          var configuration = PDENetwork.Configuration.cifar10(dynamics)
          configuration.adjoint = adjoint
          configuration.arithmetic = arithmetic
          return try [measure(example, settings, configuration)]
        }
      }
    }
  }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ configuration: PDENetwork.Configuration
  ) throws -> BenchRecord {
    let network = try PDENetwork(configuration, images: [3, side, side], classes: 10, seed: 1)
    let shape: Shape = [batch, 3, side, side]
    let images = Tensor(chirp(shape.elementCount, phase: 0.7), shape: shape, dtype: .float32)
    let labels = Tensor((0..<batch).map { Double($0 % 10) }, shape: [batch], dtype: .float32)
    let step = compile { (network: PDENetwork, images: Tensor, labels: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: network) { network in
        softmaxCrossEntropy(network(images), labels)
      }
      return Step(loss: loss, gradient: gradient)
    }
    let compile = try Stopwatch.seconds { _ = try step.plan(for: network, images, labels) }
    var loss = 0.0
    let memory = try ResidentMemory.growth { loss = try step(network, images, labels).loss.scalar }
    let limit = { MachineBench.burst(threads: settings.threads) }
    let watch = try Stopwatch(settings, isWarm: true, beside: limit) {
      _ = try step(network, images, labels)
    }
    var record = BenchRecord(
      example, "ms per training step", watch, scale: 1e3, unit: "ms", settings: settings)
    record.compileSeconds = compile
    record.peakMebibytes = memory
    record.arenaBytes = try step.plan(for: network, images, labels).arenaBytes
    record.loss = loss
    record.rate(
      6 * Double(batch) * multiplyAdds(configuration) / watch.value, peak: watch.companions.max())
    return record
  }

  /// The multiply-adds of an image on its way forward.
  static func multiplyAdds(_ configuration: PDENetwork.Configuration) -> Double {
    var (pixels, count) = (side * side, 27 * configuration.channels[0] * side * side)
    for (index, channels) in configuration.channels.enumerated() {
      let isHalved = configuration.dynamics == .hamiltonian
      let layer = isHalved ? channels * channels / 2 : channels * channels
      count += 2 * 9 * configuration.steps * layer * pixels
      let behind =
        index + 1 < configuration.blocks
        ? configuration.channels[index + 1] : configuration.features ?? 0
      count += channels * behind * pixels
      pixels /= 4
    }
    return Double(count)
  }
}
