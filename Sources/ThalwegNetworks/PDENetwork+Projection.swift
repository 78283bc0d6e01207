public import ThalwegKernels
import ThalwegStability
import ThalwegTensors

extension PDENetwork {
  /// The rows and columns of the images in each block.
  package func blockSides(of images: Shape) -> [(height: Int, width: Int)] {
    units.indices.map { index in
      (
        configuration.opened(images[1]) >> index, configuration.opened(images[2]) >> index
      )
    }
  }

  /// The largest norm of filters with which the steps of the blocks are stable.
  ///
  /// - Errors: ``NetworkError`` where there is none: with a normalisation for which no bound is known,
  ///   and with a method that amplifies what the dynamics do at any step.
  public func largestStableNorm() throws(NetworkError) -> Double {
    guard let slope = configuration.normalization.largestSlope else {
      throw .noStableNorm("normalisation \(configuration.normalization) has no known bound")
    }
    guard !configuration.weights.isModal else {
      throw .noStableNorm("sums of weights \(configuration.weights) have no known bound")
    }
    let step = configuration.span / Double(configuration.steps)
    let limit = configuration.integrator.largestNorm(
      for: configuration.dynamics, step: step, slope: slope)
    guard limit > 0 else {
      let integrator = configuration.integrator.rawValue
      throw .noStableNorm(
        "\(integrator) amplifies \(configuration.dynamics.rawValue) dynamics at any step")
    }
    return limit
  }

  /// The network with filters that are scaled down where they are too large for stable steps.
  ///
  ///     K ← K · min(1, margin · c / ‖K‖),   c = largestStableNorm()
  ///
  /// The images are given by channels, height and width. For monotone activations and no normalisation
  /// steps then amplify no eigenvalue, whatever the input; see ``IntegratorName/largestNorm(for:step:slope:)``.
  ///
  /// - Cost: some twenty convolutions of one image for each layer.
  /// - Errors: ``NetworkError``, and ``SpectrumError`` where weights are not finite.
  public func projected(images: Shape, margin: Double = 0.95) throws -> PDENetwork {
    require(margin > 0, "projection: a margin of \(margin) is not positive")
    let limit = margin * (try largestStableNorm())
    var network = self
    for (index, side) in blockSides(of: images).enumerated() {
      network.units[index].block = try units[index].block.mapLayers { layer in
        let norm = try layer.norm(height: side.height, width: side.width)
        guard norm > limit else { return layer }
        var layer = layer
        layer.kernel = layer.kernel * Tensor(limit / norm)
        return layer
      }
    }
    return network
  }
}

extension SymmetricLayer {
  /// The norm of the convolution, times the largest scale of a channel.
  ///
  /// - Errors: ``SpectrumError``.
  public func norm(height: Int, width: Int, tolerance: Double = 1e-4) throws -> Double {
    let largest = scale?.values.map(\.magnitude).max() ?? 1
    let norm = try ConvolutionNorm(
      of: kernel, height: height, width: width, boundary: boundary, tolerance: tolerance)
    return norm.value * largest
  }
}

extension SymmetricLayer.Normalization {
  /// A bound on what normalisation and activation do to differences, where one is known.
  var largestSlope: Double? {
    switch self {
    case .none: 1
    case .totalVariation(.provable): 1 / TotalVariationNormalization().epsilon.squareRoot()
    default: nil
    }
  }
}
