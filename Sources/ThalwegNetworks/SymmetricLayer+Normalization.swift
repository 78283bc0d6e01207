import ThalwegTensors

extension SymmetricLayer {
  /// What stands between the convolution and the activation, or behind the activation.
  ///
  ///     let layer = SymmetricLayer(32, normalization: .group(8))
  ///     let named = SymmetricLayer.Normalization("tv:provable")
  public enum Normalization: Hashable, Sendable, LosslessStringConvertible {
    /// Nothing.
    case none
    /// ``InstanceNormalization`` without parameters of its own.
    case instance
    /// ``BatchNormalization`` without parameters of its own, to be frozen after training.
    case batch
    /// ``GroupNormalization`` without parameters of its own, in a number of groups.
    case group(Int)
    /// ``TotalVariationNormalization`` without parameters of its own, in one of two places.
    case totalVariation(Order)

    /// The place of total variation normalisation.
    public enum Order: String, Hashable, Sendable, CaseIterable {
      /// Before the activation as in the paper: -Kᵀ σ(s · N(K y) + b), for which no bound is known.
      case paper
      /// Behind it: -Kᵀ (s · N(σ(s · K y + b))), the gradient of a concave function for relu.
      case provable
    }

    /// How names are written.
    public static let forms = ["none", "instance", "batch", "group:count", "tv[:provable]"]

    /// Reads a name; nil where it is none.
    public init?(_ description: String) {
      let parts = description.split(separator: ":", omittingEmptySubsequences: false)
      switch (parts[0], parts.count) {
      case ("none", 1): self = .none
      case ("instance", 1): self = .instance
      case ("batch", 1): self = .batch
      case ("tv", 1): self = .totalVariation(.paper)
      case ("group", 2):
        guard let groups = Int(parts[1]), groups > 0 else { return nil }
        self = .group(groups)
      case ("tv", 2):
        guard let order = Order(rawValue: String(parts[1])) else { return nil }
        self = .totalVariation(order)
      default: return nil
      }
    }

    public var description: String {
      switch self {
      case .none: "none"
      case .instance: "instance"
      case .batch: "batch"
      case .group(let groups): "group:\(groups)"
      case .totalVariation(.paper): "tv"
      case .totalVariation(.provable): "tv:provable"
      }
    }

    /// The number that the channels have to be a multiple of.
    var groups: Int {
      if case .group(let groups) = self { groups } else { 1 }
    }

    /// What is done to the convolution before scale and bias.
    func beforeActivation(_ z: Tensor) -> Tensor {
      switch self {
      case .none, .totalVariation(.provable): z
      case .instance: InstanceNormalization()(z)
      case .batch: BatchNormalization()(z)
      case .group(let groups): GroupNormalization(groups)(z)
      case .totalVariation(.paper): TotalVariationNormalization()(z)
      }
    }
  }
}
