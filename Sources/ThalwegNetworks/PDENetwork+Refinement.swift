import ThalwegTensors

/// How the weights of twice as many steps follow from those of steps.
///
/// - Source: linear: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse
///   Problems 34 (2018) 014004, doi:10.1088/1361-6420/aa9a90, section 3.
public enum TimeTransfer: String, Hashable, Sendable, CaseIterable {
  /// Each step becomes two with its weights: the same function of time.
  case constant
  /// Weights belong to the beginning of a step; those between are the mean of their neighbours.
  case linear
}

extension PDENetwork {
  /// The network with twice as many steps of half the size in each block.
  ///
  ///     let deep = try network.refined()
  ///     let deeper = try deep.refined(.constant)
  ///
  /// Weights that are functions of time stay as they are. It computes nearly the same, so that training
  /// can begin with few steps and go on with more.
  ///
  /// - Errors: ``NetworkError``.
  public func refined(_ transfer: TimeTransfer = .linear) throws(NetworkError) -> PDENetwork {
    try withSteps(2 * configuration.steps) { layers in
      layers.indices.flatMap { index in
        let next = layers[min(index + 1, layers.count - 1)]
        let between = zip(layers[index], next).map { layer, next in
          transfer == .constant ? layer : layer.zipLeaves(next) { 0.5 * ($0 + $1) }
        }
        return [layers[index], between]
      }
    }
  }

  /// The network with half as many steps of twice the size in each block.
  ///
  /// Weights are the means of two steps, or those at the beginning of the first: what
  /// ``refined(_:)`` has done is undone.
  ///
  /// - Errors: ``NetworkError`` where the number of steps is odd.
  public func coarsened(_ transfer: TimeTransfer = .linear) throws(NetworkError) -> PDENetwork {
    guard configuration.steps % 2 == 0 else {
      throw .unsuitableSize("steps", value: configuration.steps, expected: "an even number")
    }
    return try withSteps(configuration.steps / 2) { layers in
      stride(from: 0, to: layers.count, by: 2).map { index in
        zip(layers[index], layers[index + 1]).map { layer, next in
          transfer == .linear ? layer : layer.zipLeaves(next) { 0.5 * ($0 + $1) }
        }
      }
    }
  }

  private func withSteps(
    _ steps: Int, _ transfer: ([[SymmetricLayer]]) -> [[SymmetricLayer]]
  ) throws(NetworkError) -> PDENetwork {
    var network = self
    network.configuration.steps = steps
    for index in units.indices {
      let block = units[index].block
      var form = block.form
      form.steps = steps
      let layers = block.weightLayers
      network.units[index].block = try PDEBlock(
        form, form.weights == .steps ? transfer(layers) : layers)
    }
    return network
  }

  /// The network for images of twice the resolution, or of half of it.
  ///
  /// The filters of opening and blocks are carried over; all other weights stay.
  ///
  ///     let fine = try network.resampled(.finer)
  ///
  /// - Errors: ``NetworkError`` where the classifier looks at places, of which there would be others, and
  ///   where the opening has a stride.
  public func resampled(
    _ direction: Resolution, by transfer: StencilTransfer = .differences
  ) throws(NetworkError) -> PDENetwork {
    guard configuration.pooling == .global, configuration.stride == 1 else {
      throw .unsuitableCombination(
        "a network whose last average is over windows, or with a stride, has one resolution",
        advice: "take a global average and a stride of 1")
    }
    func carried(_ kernel: Tensor) -> Tensor {
      direction == .finer ? transfer.finer(kernel) : transfer.coarser(kernel)
    }
    var network = self
    network.opening.convolution.weight = carried(opening.convolution.weight)
    for index in units.indices {
      network.units[index].block = units[index].block.mapLayers { layer in
        var layer = layer
        layer.kernel = carried(layer.kernel)
        return layer
      }
    }
    return network
  }

  /// Where the resolution of images goes.
  public enum Resolution: String, Hashable, Sendable, CaseIterable {
    /// Twice as many rows and columns.
    case finer
    /// Half as many.
    case coarser
  }
}
