import ThalwegKernels
public import ThalwegTensors

extension PDENetwork {
  /// What a regularisation adds to the loss, as a scalar that can be differentiated.
  ///
  ///     let (loss, gradient) = try valueAndGradient(at: network) { network in
  ///       softmaxCrossEntropy(network(x), labels) + network.penalty(.paper)
  ///     }
  ///
  /// - Cost: a few passes over the weights.
  public func penalty(_ regularization: Regularization) -> Tensor {
    var terms = units.map { $0.block.penalty(regularization) }
    if regularization.decay > 0 {
      let filters = [opening.convolution.weight] + units.compactMap(\.connector?.convolution.weight)
      terms += filters.map { regularization.decay / 2 * sum(square($0)) }
    }
    if regularization.classifierDecay > 0 {
      terms += classifier.leaves.map { regularization.classifierDecay / 2 * sum(square($0)) }
    }
    return terms.dropFirst().reduce(terms[0], +)
  }

  /// The network with all weights cut off at a bound.
  ///
  ///     θ ← min(max(θ, -bound), bound)
  ///
  /// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
  ///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 4, where it is 1.
  public func clamped(to bound: Double) -> PDENetwork {
    require(bound > 0, "clamp: a bound of \(bound) is not positive")
    return mapLeaves { min(max($0, Tensor(-bound)), Tensor(bound)) }
  }
}

extension PDEBlock {
  /// What a regularisation adds for the weights of the steps.
  fileprivate func penalty(_ regularization: Regularization) -> Tensor {
    let steps = stepLayers
    let h = form.stepSize
    var total = Tensor.zeros([], dtype: leaves[0].dtype)
    for part in steps[0].indices {
      if regularization.decay > 0 {
        let squares = sum(square(stack(steps.map { $0[part].kernel })))
        total = total + h * regularization.decay / 2 * squares
      }
      guard regularization.smoothness > 0, steps.count > 1 else { continue }
      let weights = steps.map { $0[part].leaves }
      for leaf in weights[0].indices {
        let path = stack(weights.map { $0[leaf] })
        let rate = (path.slice(1..<steps.count) - path.slice(0..<steps.count - 1)) / h
        total = total + h * regularization.smoothness * regularization.roughness(of: rate)
      }
    }
    return total
  }
}
