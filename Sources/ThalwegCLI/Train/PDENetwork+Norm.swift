import ThalwegKernels
import ThalwegNetworks

extension PDENetwork {
  /// The largest norm of the filters of the blocks, and what share it is of the largest with which
  /// steps are stable, where that is known; to a hundredth, since it is asked for after every epoch.
  func largestNorm(images: Shape) throws -> (norm: Double, share: Double?) {
    var largest = 0.0
    for (unit, side) in zip(units, blockSides(of: images)) {
      _ = try unit.block.mapLayers { layer in
        largest = Swift.max(
          largest, try layer.norm(height: side.height, width: side.width, tolerance: 0.01))
        return layer
      }
    }
    return (largest, (try? largestStableNorm()).map { largest / $0 })
  }
}
