import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// What flags say of the blocks of a network; nil is what the preset or the defaults say.
struct BlockChoices: Equatable {
  var span: Double?
  var weights: WeightBasis?
  var boundary: Boundary?
  var activation: Activation?
  var normalization: SymmetricLayer.Normalization?

  /// A configuration with the choices.
  func applied(to configuration: PDENetwork.Configuration) -> PDENetwork.Configuration {
    var configuration = configuration
    if let span { configuration.span = span }
    if let weights { configuration.weights = weights }
    if let boundary { configuration.boundary = boundary }
    if let activation { configuration.activation = activation }
    if let normalization { configuration.normalization = normalization }
    return configuration
  }

  /// The flags that ask for the choices.
  var members: KeyValuePairs<String, JSON> {
    [
      "span": .optional(span), "weights": .optional(weights.map { "\($0)" }),
      "boundary": .optional(boundary?.rawValue), "activation": .optional(activation?.rawValue),
      "normalization": .optional(normalization.map { "\($0)" }),
    ]
  }
}

extension TrainCommand {
  /// What the flags say of blocks.
  func blockChoices() throws -> BlockChoices {
    BlockChoices(
      span: span,
      weights: try WeightBasis.read("weights", weights, forms: WeightBasis.forms),
      boundary: try Boundary.named("boundary", boundary),
      activation: try Activation.named("activation", activation),
      normalization: try SymmetricLayer.Normalization.read(
        "normalization", normalization, forms: SymmetricLayer.Normalization.forms))
  }
}
