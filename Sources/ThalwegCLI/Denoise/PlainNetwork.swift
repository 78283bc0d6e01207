import ThalwegDiffusion
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors

/// Blocks of diffusion that are put together without one of their skip connections, for comparison.
struct PlainNetwork: Layer {
  enum Kind {
    /// u ← -Kᵀ Φ(K u), without u itself.
    case withoutIdentity
    /// v ← x - Kᵀ Φ(K v), into which the input comes again: the fixed point of an implicit step.
    case recurrent
    /// v ← v/2 - Kᵀ Φ(K v), into which it does not.
    case withoutInput
  }

  let kind: Kind
  var blocks: [Diffusion]
  let depth: Int

  static let branches = Branches(\PlainNetwork.blocks)

  func callAsFunction(_ x: Tensor) -> Tensor {
    (0..<depth).reduce(x) { u, index in
      let block = blocks[index % blocks.count]
      return switch kind {
      case .withoutIdentity: block(0, u)
      case .recurrent: x + 0.5 * block(0, u)
      case .withoutInput: 0.5 * block(0, u)
      }
    }
  }

  /// The network with filters that are small enough for stable steps.
  func projected(on shape: Shape) throws -> PlainNetwork {
    var network = self
    network.blocks = try blocks.map { block in
      var block = block
      block.derivative = try block.derivative.projected(toNorm: 1.38, on: shape)
      return block
    }
    return network
  }
}
