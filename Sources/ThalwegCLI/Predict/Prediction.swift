import Foundation
import ThalwegTraining

/// What an image is taken for.
struct Prediction {
  let names: [String]
  /// What the network makes of it.
  let outputs: [Double]
  let probabilities: [Double]

  init(names: [String], outputs: [Double]) {
    self.names = names
    self.outputs = outputs
    let greatest = outputs.max() ?? 0
    let powers = outputs.map { exp($0 - greatest) }
    let sum = powers.reduce(0, +)
    probabilities = powers.map { $0 / sum }
  }

  /// The classes, the likeliest first.
  private var order: [Int] {
    names.indices.sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
  }

  func json(_ image: String, truth: String?) -> JSON {
    let values = zip(names, probabilities).map { JSON.Member(name: $0, value: .number($1)) }
    return .object([
      "image": .string(image), "class": .string(names[order[0]]),
      "truth": truth.map { .string($0) } ?? .null, "probabilities": .object(values),
      "outputs": .array(outputs.map { .number($0) }),
    ])
  }

  /// A line with the likeliest classes.
  func line(_ image: String, truth: String?) -> String {
    let likeliest = order.prefix(3).map { "\(names[$0]) \(percent(probabilities[$0]))" }
    let note = truth.map { $0 == names[order[0]] ? "" : "   is \($0)" } ?? ""
    return "\(image): \(likeliest.joined(separator: ", "))\(note)"
  }
}
