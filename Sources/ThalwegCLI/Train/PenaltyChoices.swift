import ThalwegNetworks
import ThalwegTraining

/// What flags say of how weights are kept small and smooth in time; nil is what the preset says.
struct PenaltyChoices: Equatable {
  /// How changes of weights in time are measured.
  enum Roughness: String, CaseIterable {
    case tv, h1
  }

  var smoothness: Double?
  var roughness: Roughness?
  var decay: Double?
  var box: Double?

  /// A regularisation with the choices.
  func applied(to regularization: Regularization) -> Regularization {
    var regularization = regularization
    if let smoothness { regularization.smoothness = smoothness }
    if let roughness {
      regularization.roughness =
        roughness == .h1 ? .quadratic : Regularization().roughness
    }
    if let decay { (regularization.decay, regularization.classifierDecay) = (decay, decay) }
    return regularization
  }

  /// The flags that ask for the choices.
  var members: KeyValuePairs<String, JSON> {
    [
      "smoothness": .optional(smoothness), "roughness": .optional(roughness?.rawValue),
      "decay": .optional(decay), "box": .optional(box),
    ]
  }
}

extension TrainCommand {
  /// What the flags say of regularisation.
  func penaltyChoices() throws -> PenaltyChoices {
    PenaltyChoices(
      smoothness: smoothness, roughness: try PenaltyChoices.Roughness.named("roughness", roughness),
      decay: decay, box: box)
  }
}
