import ThalwegTraining

/// What an image is taken for.
struct Prediction {
  let names: [String]
  let probabilities: [Double]

  /// The classes, the likeliest first.
  private var order: [Int] {
    names.indices.sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
  }

  func json(_ image: String, truth: String?) -> JSON {
    let values = zip(names, probabilities).map { JSON.Member(name: $0, value: .number($1)) }
    return .object([
      "image": .string(image), "class": .string(names[order[0]]),
      "truth": truth.map { .string($0) } ?? .null, "probabilities": .object(values),
    ])
  }

  /// A line with the likeliest classes.
  func line(_ image: String, truth: String?) -> String {
    let likeliest = order.prefix(3).map { "\(names[$0]) \(percent(probabilities[$0]))" }
    let note = truth.map { $0 == names[order[0]] ? "" : "   is \($0)" } ?? ""
    return "\(image): \(likeliest.joined(separator: ", "))\(note)"
  }
}
