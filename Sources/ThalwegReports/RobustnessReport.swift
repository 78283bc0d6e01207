import ThalwegKernels
public import ThalwegNetworks
public import ThalwegTraining

/// The accuracy of a classifier on images that are perturbed, more and more.
///
///     let report = try RobustnessReport(of: network, on: data.test, strengths: [0, 0.05, 0.1])
///     print(report)
///     try report.writePictures(to: "robustness")
///
/// - Errors: what a flow in the model throws.
public struct RobustnessReport: Sendable {
  /// The kinds of perturbation, in the order of accuracies.
  public static let kinds = ["noise", "fgsm", "pgd"]
  /// The strengths of perturbations.
  public let strengths: [Double]
  /// The accuracy for each strength, by kind.
  public let accuracies: [[Double]]
  /// The steps of a projected perturbation.
  public let steps: Int

  /// Measures the accuracies.
  ///
  /// `progress` is told which share is done.
  public init(
    of model: some Layer, on data: Dataset, strengths: [Double], steps: Int = 10,
    batchSize: Int = 64, seed: UInt64 = 0, progress: (Double) -> Void = { _ in }
  ) throws {
    self.strengths = strengths
    self.steps = steps
    var rows: [[Double]] = []
    for (index, strength) in strengths.enumerated() {
      let kinds: [Perturbation] =
        strength == 0
        ? [.none] : [.noise(strength), .sign(strength), .projected(strength, steps: steps)]
      var row: [Double] = []
      for kind in kinds {
        progress((Double(index) + Double(row.count) / 3) / Double(strengths.count))
        let evaluation = try Evaluation(
          of: model, on: data, batchSize: batchSize, perturbed: kind, seed: seed)
        row.append(evaluation.accuracy)
      }
      rows.append(row.count == 1 ? [row[0], row[0], row[0]] : row)
    }
    accuracies = rows
  }

  /// The report as a JSON object on one line.
  public var json: String {
    "\(JSON.object(["result": .string("robustness"), "accuracies": rows]))"
  }

  /// An object for each strength.
  var rows: JSON {
    .array(
      zip(strengths, accuracies).map { strength, row in
        .object(
          [JSON.Member(name: "strength", value: .number(strength))]
            + zip(Self.kinds, row).map { JSON.Member(name: $0, value: .number($1)) })
      })
  }
}

extension RobustnessReport: CustomStringConvertible {
  /// The report as a table, accuracies in percent.
  public var description: String {
    func cell(_ text: String) -> String { text.aligned(to: 10) }
    let head = (["strength"] + Self.kinds).map(cell).joined()
    let rows = zip(strengths, accuracies).map { strength, row in
      ([cell("\(strength)")] + row.map { cell(percent($0)) }).joined()
    }
    return ([head] + rows).joined(separator: "\n")
  }
}
