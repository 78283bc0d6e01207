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
    let terms = units.map { $0.block.penalty(regularization) } + framePenalties(regularization)
    return terms.dropFirst().reduce(terms[0], +)
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
