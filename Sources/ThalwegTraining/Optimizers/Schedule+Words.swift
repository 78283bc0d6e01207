extension Schedule: LosslessStringConvertible {
  /// What a schedule can be called.
  public static let forms = [
    "constant", "cosine", "one-cycle[:WARMUP]", "step:EPOCH=FACTOR,EPOCH=FACTOR...",
  ]

  /// The schedule in words, as `step:60=0.2,80=0.04`.
  public var description: String {
    switch self {
    case .constant: "constant"
    case .cosine: "cosine"
    case .oneCycle(let warmup): "one-cycle:\(warmup)"
    case .steps(let stages):
      "step:" + stages.map { "\($0.epoch)=\($0.factor)" }.joined(separator: ",")
    }
  }

  /// Creates a schedule from words; nil where they are none of ``forms``.
  ///
  /// The epochs of stages rise from 1 on, and factors are positive.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count > 1 ? parts[1] : nil
    switch (parts[0], rest) {
    case ("constant", nil): self = .constant
    case ("cosine", nil): self = .cosine
    case ("one-cycle", nil): self = .oneCycle(warmup: 0.25)
    case ("one-cycle", let text?):
      guard let warmup = Double(text), warmup >= 0, warmup < 1 else { return nil }
      self = .oneCycle(warmup: warmup)
    case ("step", let text?):
      guard let stages = Self.stages(text) else { return nil }
      self = .steps(stages)
    default: return nil
    }
  }

  private static func stages(_ text: Substring) -> [Stage]? {
    var stages: [Stage] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = word.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let epoch = Int(sides[0]), epoch > stages.last?.epoch ?? 0,
        let factor = Double(sides[1]), factor > 0, factor.isFinite
      else { return nil }
      stages.append(Stage(from: epoch, factor: factor))
    }
    return stages
  }
}
