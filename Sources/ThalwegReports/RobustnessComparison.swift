import ThalwegKernels
import ThalwegTraining

/// The accuracy of several classifiers on the same perturbed images, side by side.
///
///     let reports = try networks.map { try RobustnessReport(of: $0, on: data.test, strengths: [0, 0.1]) }
///     let comparison = RobustnessComparison(["hamiltonian", "resnet"], reports)
///     print(comparison)
///     try comparison.writePictures(to: "robustness")
///
/// - Errors: traps where names and reports differ in number, or reports in their strengths.
public struct RobustnessComparison: Sendable {
  /// What the classifiers are called.
  public let names: [String]
  /// What was measured of each.
  public let reports: [RobustnessReport]

  /// Creates a comparison of reports with the same strengths.
  public init(_ names: [String], _ reports: [RobustnessReport]) {
    require(
      names.count == reports.count && !reports.isEmpty,
      "robustness: \(names.count) names for \(reports.count) reports")
    require(
      reports.allSatisfy { $0.strengths == reports[0].strengths },
      "robustness: the reports are of different strengths")
    self.names = names
    self.reports = reports
  }

  /// The strengths of perturbations.
  public var strengths: [Double] { reports[0].strengths }

  /// The comparison as a JSON object on one line.
  public var json: String {
    let networks = zip(names, reports).map { name, report in
      JSON.object(["name": .string(name), "accuracies": report.rows])
    }
    return "\(JSON.object(["result": .string("robustness"), "networks": .array(networks)]))"
  }
}

extension RobustnessComparison: CustomStringConvertible {
  /// A table for each kind of perturbation: strengths by row, classifiers by column, in percent.
  public var description: String {
    let width = Swift.max(10, (names.map(\.count).max() ?? 0) + 2)
    func row(_ first: String, _ cells: [String]) -> String {
      ([first.aligned(to: 10)] + cells.map { $0.aligned(to: width) }).joined()
    }
    let tables = RobustnessReport.kinds.enumerated().map { index, kind in
      let rows = strengths.enumerated().map { place, strength in
        row("\(strength)", reports.map { percent($0.accuracies[place][index]) })
      }
      return ([row(kind, names)] + rows).joined(separator: "\n")
    }
    return tables.joined(separator: "\n\n")
  }
}

extension String {
  /// The text with spaces before it.
  func aligned(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}

/// A share in percent, to a tenth.
func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
