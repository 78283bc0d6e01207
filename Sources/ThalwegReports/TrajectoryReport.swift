import ThalwegKernels
public import ThalwegStability
import ThalwegTraining

/// The eigenvalues of dynamics along a solution, and what steps of a method make of them.
///
///     let report = TrajectoryReport(
///       "lorenz", region, step: 0.01, points: times.map { ($0, try spectrum(of: f, at: y($0))) })
///     print(report)
///     try report.writePictures(to: "lorenz")
public struct TrajectoryReport: Sendable {
  /// A place on the solution.
  public struct Point: Sendable {
    /// The time.
    public let time: Double
    /// The eigenvalues of the Jacobian there.
    public let spectrum: Spectrum
    /// The largest |R(hλ)|.
    public let amplification: Double
    /// Whether no eigenvalue that decays or oscillates is amplified.
    public let isStable: Bool
    /// The largest step that amplifies none of them.
    public let largestStableStep: Double
  }

  /// What the dynamics are called.
  public let name: String
  /// The region of the method.
  public let region: StabilityRegion
  /// The size of the steps.
  public let step: Double
  /// Places on the solution in the order of time.
  public let points: [Point]

  /// Creates a report from spectra.
  public init(
    _ name: String, _ region: StabilityRegion, step: Double,
    points: [(time: Double, spectrum: Spectrum)]
  ) {
    self.name = name
    self.region = region
    self.step = step
    self.points = points.map { time, spectrum in
      let sizes = spectrum.cleaned.map { region.amplification(at: $0 * Complex(step)) }
      return Point(
        time: time, spectrum: spectrum, amplification: sizes.max() ?? 1,
        isStable: region.isStable(for: spectrum, step: step, ignoringGrowth: true),
        largestStableStep: region.largestStableStep(for: spectrum, ignoringGrowth: true))
    }
  }

  /// Whether all places are stable.
  public var isStable: Bool { points.allSatisfy(\.isStable) }

  /// The largest step that is stable everywhere.
  public var largestStableStep: Double { points.map(\.largestStableStep).min() ?? .infinity }

  /// The place with the largest eigenvalue.
  public var stiffest: Point? { points.max { $0.spectrum.radius < $1.spectrum.radius } }

  /// What follows, in a sentence.
  public var verdict: String {
    if isStable {
      return "Steps of \(short(step)) are stable everywhere; up to \(short(largestStableStep)) are."
    }
    let share = points.count { !$0.isStable }
    let limit = largestStableStep
    return "Steps of \(short(step)) amplify what should not grow at \(share) of \(points.count)"
      + " places; \(limit > 0 ? "stable steps are at most \(short(limit))" : "no step is stable")."
  }

  /// The report as a JSON object on one line.
  public var json: String {
    let places = points.map { point in
      JSON.object([
        "time": .number(point.time), "radius": .number(point.spectrum.radius),
        "eigenvalues": .array(
          point.spectrum.settled.map { .array([.number($0.real), .number($0.imaginary)]) }),
        "amplification": .number(point.amplification), "stable": .boolean(point.isStable),
        "largest_stable_step": .number(point.largestStableStep),
      ])
    }
    let object = JSON.object([
      "result": .string("trajectory-report"), "problem": .string(name),
      "integrator": .string(region.name), "step": .number(step), "stable": .boolean(isStable),
      "points": .array(places), "advice": .array([.string(verdict)]),
    ])
    return "\(object)"
  }
}

extension TrajectoryReport: CustomStringConvertible {
  public var description: String {
    let head = ["time", "Re from", "Re to", "Im to", "|R(hl)|", "stable", "h at most"]
    let rows = points.map { point in
      let values = point.spectrum.cleaned
      return [
        short(point.time), short(values.map(\.real).min() ?? 0),
        short(values.map(\.real).max() ?? 0),
        short(values.map(\.imaginary.magnitude).max() ?? 0), short(point.amplification),
        point.isStable ? "yes" : "NO",
        short(point.largestStableStep),
      ]
    }
    let title = "\(name) by \(region.name), h = \(short(step))"
    return ([title] + ([head] + rows).map(tableRow) + [verdict]).joined(separator: "\n")
  }
}

/// Cells of a table, each at the right of its column.
func tableRow(_ cells: [String]) -> String {
  cells.map { String(repeating: " ", count: Swift.max(1, 12 - $0.count)) + $0 }.joined()
}
