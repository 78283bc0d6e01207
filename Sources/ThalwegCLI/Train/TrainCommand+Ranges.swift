extension TrainCommand {
  /// Checks that numbers are in their ranges.
  func checkRanges() throws {
    let counts: KeyValuePairs = [
      "steps": steps, "epochs": epochs, "batch": batch, "channels": channels, "patience": patience,
      "images": images,
    ]
    for (name, value) in counts {
      guard let value else { continue }
      let limit = ["channels": 1024, "images": 1_000_000_000][name] ?? 1_000_000
      guard (1...limit).contains(value) else {
        throw Failure.usage("--\(name) \(value) is out of range; use 1 to \(limit)")
      }
    }
    let numbers: [(name: String, value: Double?, isLegal: (Double) -> Bool, range: String)] = [
      ("learning-rate", learningRate, { $0 > 0 }, "more than 0"),
      ("project", project, { $0 > 0 && $0 <= 1 }, "more than 0 and at most 1"),
      ("momentum", momentum, { $0 >= 0 && $0 < 1 }, "0 or more, and less than 1"),
      ("weight-decay", weightDecay, { $0 >= 0 }, "0 or more"),
      ("clip", clip, { $0 > 0 }, "more than 0"),
      ("span", span, { $0 > 0 }, "more than 0"),
      ("smoothness", smoothness, { $0 >= 0 }, "0 or more"),
      ("decay", decay, { $0 >= 0 }, "0 or more"),
      ("box", box, { $0 > 0 }, "more than 0"),
      ("until-loss", untilLoss, { $0 > 0 }, "more than 0"),
      ("validation", validation, { $0 >= 0 && $0 < 1 }, "0 or more, and less than 1"),
    ]
    for (name, value, isLegal, range) in numbers {
      guard let value else { continue }
      guard value.isFinite, isLegal(value) else {
        throw Failure.usage("--\(name) \(value) is out of range; use \(range)")
      }
    }
  }
}
