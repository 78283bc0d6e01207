/// The ways in which a block can be differentiated, by name.
///
///     AdjointName("checkpointed:4")   // CheckpointedAdjoint(budget: 4)
public enum AdjointName: Hashable, Sendable, LosslessStringConvertible {
  /// ``DirectAdjoint``.
  case direct
  /// ``CheckpointedAdjoint`` with a budget, or nil for the root of the number of steps.
  case checkpointed(budget: Int?)
  /// ``ReversibleAdjoint``.
  case reversible

  /// How names are written.
  public static let forms = ["direct", "checkpointed[:budget]", "reversible"]

  /// Reads a name; nil where it is none.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts[0], parts.count) {
    case ("direct", 1): self = .direct
    case ("reversible", 1): self = .reversible
    case ("checkpointed", 1): self = .checkpointed(budget: nil)
    case ("checkpointed", 2):
      guard let budget = Int(parts[1]), budget >= 0 else { return nil }
      self = .checkpointed(budget: budget)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .direct: "direct"
    case .checkpointed(nil): "checkpointed"
    case .checkpointed(let budget?): "checkpointed:\(budget)"
    case .reversible: "reversible"
    }
  }
}
