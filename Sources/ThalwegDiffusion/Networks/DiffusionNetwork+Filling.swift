import ThalwegKernels
public import ThalwegTensors

extension DiffusionNetwork {
  /// A state that is known at some places, filled in elsewhere by explicit blocks or those of FSI.
  ///
  ///     let whole = network.filled(image, known: mask)      // mask is 1 where the image is known
  ///
  /// Known places stay. What is unknown begins with the mean of all that is known.
  ///
  /// - Stability: that of the network.
  /// - Shapes: the state's, for both; the values at unknown places do not matter as long as they are
  ///   finite.
  /// - Errors: traps for other schemes.
  public func filled(_ x: Tensor, known: Tensor) -> Tensor {
    let inward = step * (1 - known)
    var (current, previous) = (x.withMean(ofKnown: known), Tensor(0))
    for index in 0..<depth {
      let weight = extrapolation(index)
      let next = current + inward * blocks[index % blocks.count](0, current)
      // A weight of 1 takes nothing of the state before; at first there is none but the current one.
      if weight.isFirst { previous = current }
      (current, previous) = (
        weight.value == 1 ? next : weight.value * next + (1 - weight.value) * previous, current
      )
    }
    return current
  }

  /// The weight of a block's result, and whether a cycle begins with it.
  private func extrapolation(_ index: Int) -> (value: Double, isFirst: Bool) {
    switch scheme {
    case .explicit: return (1, true)
    case .semiIterative(let cycle):
      let place = index % cycle
      return (Double(4 * place + 2) / Double(2 * place + 3), place == 0)
    default:
      require(false, "filling in: scheme \(scheme.name) has no blocks for it")
      return (1, true)
    }
  }
}
