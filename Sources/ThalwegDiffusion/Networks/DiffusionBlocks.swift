import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegNetworks
import ThalwegTensors

/// A flow of diffusions, whatever its method.
protocol DiffusionBlocks: Layer {
  /// The diffusion of each block, or the one that all share.
  var blocks: [Diffusion] { get }
  /// The same flow with other weights; plans that were compiled for it stay good.
  func mapBlocks(_ transform: (Diffusion) throws -> Diffusion) rethrows -> Self
}

extension Flow: DiffusionBlocks where Method.Field == Diffusion {
  var blocks: [Diffusion] { stages }

  func mapBlocks(_ transform: (Diffusion) throws -> Diffusion) rethrows -> Self {
    replacingLeaves(with: try stages.map(transform).flatMap(\.leaves))
  }
}
