public import ThalwegTensors

extension MultigridNetwork {
  /// A state that is known at some places, filled in elsewhere.
  ///
  ///     let whole = network.filled(image, known: mask)      // mask is 1 where the image is known
  ///
  /// Known places stay, on all grids: a place of a coarse grid is known where it covers one that is, and
  /// has the mean of these. What is unknown begins with the mean of all that is known.
  ///
  /// - Shapes: the state's, for both; the values at unknown places do not matter as long as they are
  ///   finite.
  public func filled(_ x: Tensor, known: Tensor) -> Tensor {
    filled(x.withMean(ofKnown: known), known, level: 0)
  }

  private func filled(_ x: Tensor, _ known: Tensor, level: Int) -> Tensor {
    let u = swept(x, before[level], where: 1 - known)
    guard level + 1 < before.count, transfer.isCoarsenable(x.shape) else { return u }
    let (share, average) = (transfer.averaged(known), transfer.averaged(u))
    let isKnown = (share .> 0).to(x.dtype)
    let values = transfer.averaged(known * u) / (share + (1 - isKnown))
    let coarse = isKnown * values + (1 - isKnown) * average
    let better = filled(coarse, isKnown, level: level + 1)
    let change = (1 - known) * transfer.prolonged(better - average, to: x.shape)
    return swept(u + change, after[level], where: 1 - known)
  }

  private func swept(_ x: Tensor, _ blocks: [Diffusion], where unknown: Tensor) -> Tensor {
    blocks.reduce(x) { u, block in u + step * unknown * block(0, u) }
  }
}

extension Tensor {
  /// The state where it is known, and the mean of that elsewhere, for each element of the batch.
  func withMean(ofKnown known: Tensor) -> Tensor {
    let axes = Array(1..<rank)
    let count = sum(known, over: axes, keepingAxes: true)
    let level = sum(known * self, over: axes, keepingAxes: true) / (count + 1e-12)
    return known * self + (1 - known) * level
  }
}
