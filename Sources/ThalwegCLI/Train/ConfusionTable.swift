import ThalwegTraining

/// How many test images of each class are taken for each class.
struct ConfusionTable: CustomStringConvertible {
  private let counts: [[Int]]

  init(_ evaluation: Evaluation) { counts = evaluation.confusion }

  var description: String {
    let width = Swift.max(4, (counts.flatMap { $0 }.map { "\($0)".count }.max() ?? 1) + 1)
    let head = counts.indices.map { "\($0)".aligned(to: width) }.joined()
    let lines = counts.enumerated().map { truth, row in
      "\(truth)".aligned(to: 5)
        + row.map { ($0 == 0 ? "." : "\($0)").aligned(to: width) }.joined()
    }
    return "class by row, taken for by column:\n     \(head)\n"
      + lines.joined(separator: "\n") + "\n"
  }
}
